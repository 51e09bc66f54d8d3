import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import type { Clients } from '../../aws/clients'
import { readRun } from '../../aws/runs'
import { CommandError } from '../../commands/errors'
import type { Session } from '../../commands/session'
import { jsonOf } from '../../core/lines'
import type { RunRecord } from '../../core/protocol/record'
import type { LambdaReport } from '../api'
import { withoutUndefined } from './summary'

/** Clocks differ, and Lambda writes its report a moment after the end (milliseconds). */
const BEFORE = 10_000
const AFTER = 60_000
/** FilterLogEvents may give pages without an event before it gives the one that is looked for. */
const PAGES = 20

/**
 * What Lambda itself wrote of a run's last attempt, in the function's own log group, where the lines of many runs are
 * mixed: they are told apart by the request id.
 *
 * @throws {CommandError} where there is no such run, or nothing says which invocation was its own
 */
export async function readLambdaReport(session: Session, task: string, run: string): Promise<LambdaReport> {
  const { clients, names } = session
  const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
  if (!record) throw new CommandError(`${task} has no run ${run}`, 'NO_SUCH_RUN')
  const { requestId, startedAt, finishedAt } = record
  if (requestId === undefined || startedAt === undefined)
    throw new CommandError('Nothing says which invocation was this run’s', 'NO_REQUEST_ID')
  const logGroup = await groupOf(clients, record)
  const lines: string[] = []
  let nextToken: string | undefined
  try {
    for (let page = 0; page < PAGES; page++) {
      const found = await clients.logs.send(
        new FilterLogEventsCommand({
          logGroupName: logGroup,
          filterPattern: `"${requestId}"`,
          startTime: Date.parse(startedAt) - BEFORE,
          endTime: (finishedAt === undefined ? session.now() : Date.parse(finishedAt)) + AFTER,
          nextToken,
        }),
      )
      lines.push(...(found.events ?? []).map(({ message = '' }) => message.trimEnd()).filter(isPlatform))
      nextToken = found.nextToken
      if (nextToken === undefined || lines.some((line) => REPORT.test(line))) break
    }
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  return withoutUndefined({ logGroup, lines, ...numbersOf(lines.find((line) => REPORT.test(line))) })
}

/** The function's own setting, else Lambda's default (Developer Guide, monitoring-cloudwatchlogs-loggroups). */
async function groupOf(clients: Clients, { function: name, qualifier }: RunRecord): Promise<string> {
  try {
    const asked = { FunctionName: name, ...(name.startsWith('arn:') ? {} : { Qualifier: qualifier }) }
    const { LoggingConfig } = await clients.lambda.send(new GetFunctionConfigurationCommand(asked))
    if (LoggingConfig?.LogGroup) return LoggingConfig.LogGroup
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  return `/aws/lambda/${name.replace(/^.*:function:/, '').replace(/:.*$/, '')}`
}

const REPORT = /^REPORT RequestId: |"platform\.report"/
const isPlatform = (line: string) => /^(START|END|REPORT) RequestId: |"type": ?"platform\./.test(line)

/** In both of Lambda's log formats (Developer Guide, monitoring-cloudwatchlogs and telemetry-schema-reference). */
function numbersOf(report: string | undefined) {
  if (report === undefined) return {}
  const record = jsonOf(report)?.['record'] as { metrics?: Record<string, number> } | undefined
  if (record) {
    const { metrics = {} } = record
    return {
      duration: metrics['durationMs'],
      billed: metrics['billedDurationMs'],
      memorySize: metrics['memorySizeMB'],
      maxMemoryUsed: metrics['maxMemoryUsedMB'],
      initDuration: metrics['initDurationMs'],
    }
  }
  const of = (name: string) => {
    const [, number] = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) `).exec(report) ?? []
    return number === undefined ? undefined : Number(number)
  }
  return {
    duration: of('Duration'),
    billed: of('Billed Duration'),
    memorySize: of('Memory Size'),
    maxMemoryUsed: of('Max Memory Used'),
    initDuration: of('Init Duration'),
  }
}
