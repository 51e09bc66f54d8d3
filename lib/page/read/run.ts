import { readRun, readRuns } from '../../aws/runs'
import { readTask } from '../../aws/tasks'
import { CommandError } from '../../commands/errors'
import type { Session } from '../../commands/session'
import { verdictSentence } from '../../core/sentence'
import type { RunDetail } from '../api'
import { summaryOf, withoutUndefined } from './summary'

/** @throws {CommandError} where there is no such run */
export async function readRunDetail(session: Session, task: string, run: string): Promise<RunDetail> {
  const { clients, names } = session
  const { dynamoDb } = clients
  const [record, older, newer, deployed] = await Promise.all([
    readRun(dynamoDb, names.runsTable, task, run),
    readRuns(dynamoDb, names.runsTable, task, { to: run, limit: 2 }),
    readRuns(dynamoDb, names.runsTable, task, { from: run, limit: 2, oldestFirst: true }),
    readTask(clients.scheduler, names.scheduleGroup, task),
  ])
  if (!record) throw new CommandError(`${task} has no run ${run}`, 'NO_SUCH_RUN')
  const {
    verdict,
    attempts = [],
    payload,
    function: name,
    qualifier,
    logGroup,
    requestId,
    expiresAt,
  } = record
  return withoutUndefined({
    now: session.now(),
    run: summaryOf(record),
    sentence: verdictSentence(record),
    verdict,
    attempts,
    payload,
    function: name,
    qualifier,
    logGroup,
    requestId,
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt * 1000).toISOString(),
    retryAt: record.retryAt,
    definition: record.definition,
    deployed: deployed !== undefined,
    older: older.find((other) => other.run < run)?.run ?? null,
    newer: newer.find((other) => other.run > run)?.run ?? null,
  })
}
