/** Fills an engine with what a service leaves behind: schedules, locks, run records and logs, all made up. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { BatchWriteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { Definition } from '../../lib/core/definition'
import { formatRecord } from '../../lib/core/log-record'
import { SCHEDULED_TIME_PLACEHOLDER } from '../../lib/core/message'
import { type ServiceNames, serviceNames, streamName } from '../../lib/core/names'
import type { RunRecord } from '../../lib/core/protocol/record'
import { parseSchedule, schedulerExpression } from '../../lib/core/schedule'
import { ACCOUNT } from '../../lib/engine/api'
import { clientConfig } from './engine'
import { definitionOf } from './world'

export type TaskSeed = {
  task: string
  schedule: string
  timezone?: string
  enabled?: boolean
  description?: string
  tags?: string[]
  owner?: string
  payload?: Record<string, unknown>
  definition?: Partial<Definition>
}

/** DynamoDB's and CloudWatch Logs' own limits of a batch. */
const ITEMS = 25
const EVENTS = 10_000
const AT_ONCE = 8

export class Seed {
  readonly names: ServiceNames
  readonly dynamoDb: DynamoDBDocumentClient
  readonly sqs: SQSClient
  readonly #raw: DynamoDBClient
  readonly #scheduler: SchedulerClient
  readonly #logs: CloudWatchLogsClient

  constructor(
    endpoint: string,
    readonly service: string,
  ) {
    const config = clientConfig(endpoint)
    this.names = serviceNames(service, 'dev')
    this.#raw = new DynamoDBClient(config)
    this.dynamoDb = DynamoDBDocumentClient.from(this.#raw)
    this.sqs = new SQSClient(config)
    this.#scheduler = new SchedulerClient(config)
    this.#logs = new CloudWatchLogsClient(config)
  }

  close(): void {
    for (const client of [this.#raw, this.sqs, this.#scheduler, this.#logs]) client.destroy()
  }

  /** What a deployment makes, but nothing that would run. */
  async deploy(): Promise<void> {
    const { runsTable, locksTable, queue, scheduleGroup, logGroup } = this.names
    for (const [TableName, keys] of [
      [runsTable, ['task', 'run']],
      [locksTable, ['task']],
    ] as const)
      await this.#raw.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          KeySchema: keys.map((AttributeName, index) => ({
            AttributeName,
            KeyType: index === 0 ? 'HASH' : 'RANGE',
          })),
        }),
      )
    // What a schedule sends goes elsewhere, so that the queue of the tasks holds only what the page has sent.
    for (const QueueName of [queue, `${queue}-ticks`])
      await this.sqs.send(new CreateQueueCommand({ QueueName }))
    await this.#scheduler.send(new CreateScheduleGroupCommand({ Name: scheduleGroup }))
    await this.#logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }))
  }

  definition(task: string, changes: Partial<Definition> = {}): Definition {
    const { prefix, logGroup } = this.names
    return definitionOf({ function: `${prefix}-${task}`, overlap: 'latest', logGroup, ...changes })
  }

  async task(seed: TaskSeed): Promise<void> {
    const { task, timezone = 'UTC', enabled = true, description, tags, owner, payload } = seed
    const parsed = schedulerExpression(parseSchedule(seed.schedule, timezone))
    const { expression, everySeconds } = parsed
    await this.#scheduler.send(
      new CreateScheduleCommand({
        GroupName: this.names.scheduleGroup,
        Name: task,
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: parsed.timezone,
        State: enabled ? 'ENABLED' : 'DISABLED',
        Description: description,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:${this.names.queue}-ticks`,
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/none`,
          Input: JSON.stringify({
            kind: 'tick',
            task,
            scheduledAt: SCHEDULED_TIME_PLACEHOLDER,
            everySeconds,
            definition: this.definition(task, seed.definition),
            payload,
            tags,
            owner,
          }),
        },
      }),
    )
  }

  async tasks(seeds: readonly TaskSeed[]): Promise<void> {
    for (let at = 0; at < seeds.length; at += AT_ONCE)
      await Promise.all(seeds.slice(at, at + AT_ONCE).map((seed) => this.task(seed)))
  }

  /** A record with the attributes that are not said filled in. `at`: epoch ms of its tick. */
  record(task: string, at: number, changes: Partial<RunRecord> = {}): RunRecord {
    const run = new Date(at).toISOString()
    const { status = 'SUCCEEDED' } = changes
    const started = status !== 'SKIPPED' && status !== 'QUEUED'
    const definition = this.definition(task)
    const base: RunRecord = {
      task,
      run,
      status,
      trigger: 'schedule',
      scheduledAt: run,
      function: definition.function,
      qualifier: definition.qualifier,
      logGroup: definition.logGroup,
      keepFor: 90 * 86_400,
      definition,
    }
    if (!started) return { ...base, ...changes }
    const startedAt = changes.startedAt ?? new Date(at + 800).toISOString()
    const finishedAt =
      changes.finishedAt ??
      (status === 'RUNNING' || status === 'RETRYING' ? undefined : new Date(at + 9000).toISOString())
    const attempt = changes.attempt ?? 1
    const logStream = this.stream(task, run, attempt)
    const end = finishedAt === undefined ? {} : { finishedAt }
    return {
      ...base,
      attempt,
      startedAt,
      ...end,
      logStream,
      attempts: [
        {
          attempt,
          logStream,
          startedAt,
          ...end,
          ...(end.finishedAt ? { outcome: changes.reason ?? status } : {}),
        },
      ],
      requestId: '00000000-0000-4000-8000-000000000000',
      ...(end.finishedAt === undefined ? {} : { expiresAt: Math.ceil(at / 1000) + 90 * 86_400 }),
      ...changes,
    }
  }

  stream(task: string, run: string, attempt: number): string {
    return streamName({ task, run, attempt }, { qualifier: '$LATEST', random: 'seeded' })
  }

  async records(records: readonly RunRecord[]): Promise<void> {
    const batches = []
    for (let at = 0; at < records.length; at += ITEMS) batches.push(records.slice(at, at + ITEMS))
    for (let at = 0; at < batches.length; at += AT_ONCE)
      await Promise.all(
        batches.slice(at, at + AT_ONCE).map((batch) =>
          this.dynamoDb.send(
            new BatchWriteCommand({
              RequestItems: { [this.names.runsTable]: batch.map((Item) => ({ PutRequest: { Item } })) },
            }),
          ),
        ),
      )
  }

  async lock(task: string, lock: Record<string, unknown>): Promise<void> {
    await this.dynamoDb.send(
      new PutCommand({ TableName: this.names.locksTable, Item: { task, v: 1, slots: {}, ...lock } }),
    )
  }

  /** The lines of an attempt as the wrapper writes them, `step` milliseconds apart, with its records around them. */
  async log(
    { logGroup, logStream = '', startedAt = '' }: RunRecord,
    lines: readonly string[],
    { step = 10, ended = true }: { step?: number; ended?: boolean } = {},
  ): Promise<void> {
    await this.#logs.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName: logStream }))
    const requestId = 'request'
    const start = formatRecord({ slipstream: 'start', requestId, at: startedAt })
    const end = formatRecord({ slipstream: 'end', requestId, at: startedAt, outcome: 'returned', errors: 0 })
    await this.append(
      { logGroup, logStream },
      [start, ...lines, ...(ended ? [end] : [])],
      Date.parse(startedAt),
      step,
    )
  }

  /** A log group of something else, with one stream. */
  async group(logGroup: string, from: number, lines: readonly string[]): Promise<void> {
    await this.#logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }))
    await this.#logs.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName: 'one' }))
    await this.append({ logGroup, logStream: 'one' }, lines, from)
  }

  async append(
    stream: { logGroup: string; logStream: string },
    lines: readonly string[],
    from = Date.now(),
    step = 10,
  ): Promise<void> {
    for (let at = 0; at < lines.length; at += EVENTS)
      await this.#logs.send(
        new PutLogEventsCommand({
          logGroupName: stream.logGroup,
          logStreamName: stream.logStream,
          logEvents: lines
            .slice(at, at + EVENTS)
            .map((message, index) => ({ message, timestamp: from + (at + index) * step })),
        }),
      )
  }
}
