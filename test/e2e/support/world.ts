import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { parseRecord } from '../../../lib/core/log-record'
import { serviceNames } from '../../../lib/core/names'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { ACCOUNT } from '../../../lib/engine/api'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { type EngineOptions, startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'
import { Activity } from './activity'

/** Real milliseconds without a call of the engine after which what a moment made due is taken to be done. */
const QUIET = 40
const SECOND = 1000
const MINUTE = 60 * SECOND

export type World = Awaited<ReturnType<typeof startWorld>>
export type Lock = { slots?: Record<string, number>; waiting?: Set<string> }

/** An engine whose clock is moved, and stock SDK clients that look at the service `service`, stage dev, in it. */
export async function startWorld(
  service: string,
  start = '2026-03-02T10:00:00.000Z',
  options: Pick<EngineOptions, 'schedulerLateness'> = {},
) {
  const data = temporaryFolder()
  const clock = new MovedClock(start)
  const warnings: string[] = []
  const engine = await startEngine({
    port: 0,
    dataDir: data.path,
    clock,
    ...options,
    warn: (message) => void warnings.push(message),
  })
  const config = clientConfig(engine.endpoint)
  const rawDynamoDb = new DynamoDBClient(config)
  const dynamoDb = DynamoDBDocumentClient.from(rawDynamoDb)
  const logs = new CloudWatchLogsClient(config)
  const sqs = new SQSClient(config)
  const lambda = new LambdaClient(config)
  const scheduler = new SchedulerClient(config)
  const s3 = new S3Client(config)
  const cloudFormation = new CloudFormationClient(config)
  const names = serviceNames(service, 'dev')
  const queueUrl = (name: string) => `${engine.endpoint}/${ACCOUNT}/${name}`

  const activity = new Activity(names.queue)
  const watches = [engine.onCall(activity.onCall), engine.services.lambda.onEnded(activity.onEnded)]

  /** Waits until nothing more comes of what was done. */
  async function settle(): Promise<void> {
    activity.stir()
    while (!activity.isQuiet(QUIET)) await sleep(5)
  }

  async function advance(ms: number): Promise<void> {
    clock.advance(ms)
    await settle()
  }

  /**
   * Moves the clock in steps until `condition` gives something truthy, and gives that.
   *
   * @throws after `limit` milliseconds of the moved clock, with what `explain` then says.
   */
  async function until<T>(
    condition: () => Promise<T>,
    { step = SECOND, limit = 10 * MINUTE, explain = async (): Promise<unknown> => condition.toString() } = {},
  ): Promise<NonNullable<T>> {
    const end = clock.now() + limit
    for (;;) {
      const result = await condition()
      if (result) return result
      if (clock.now() >= end) {
        throw new Error(`not within ${limit} ms: ${JSON.stringify(await explain(), undefined, 1)}`)
      }
      await advance(step)
    }
  }

  /** Moves the clock while something else is waited for that needs time, as a command that invokes a function. */
  async function during<T>(work: Promise<T>): Promise<T> {
    let over = false
    const end = () => {
      over = true
    }
    work.then(end, end)
    while (!over) await advance(SECOND)
    return work
  }

  /** All runs of a task, the oldest first. */
  async function runs(task: string): Promise<RunRecord[]> {
    const found: RunRecord[] = []
    const input = {
      TableName: names.runsTable,
      KeyConditionExpression: 'task = :task',
      ExpressionAttributeValues: { ':task': task },
      ConsistentRead: true,
    }
    for await (const { Items = [] } of paginateQuery({ client: dynamoDb }, input)) {
      found.push(...(Items as RunRecord[]))
    }
    return found
  }

  async function lock(task: string): Promise<Lock> {
    const { Item = {} } = await dynamoDb.send(
      new GetCommand({ TableName: names.locksTable, Key: { task }, ConsistentRead: true }),
    )
    return Item
  }

  /** Of a run that never had a stream: none. */
  async function lines(logGroupName: string, logStreamName: string | undefined): Promise<string[]> {
    const found: string[] = []
    for (let nextToken: string | undefined; ; ) {
      const page = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, nextToken })
      const { events = [], nextForwardToken } = await logs.send(page).catch((error: unknown) => {
        if (error instanceof ResourceNotFoundException) return { events: [], nextForwardToken: nextToken }
        throw error
      })
      found.push(...events.map(({ message = '' }) => message))
      if (nextForwardToken === nextToken) return found
      nextToken = nextForwardToken
    }
  }

  /** Sends the tick that is due now, to the second, as Scheduler does. Gives the key of its run. */
  async function fire(task: string): Promise<string> {
    const tick = Math.floor(clock.now() / SECOND) * SECOND
    await engine.services.scheduler.fireNow(names.scheduleGroup, task, tick)
    await settle()
    return new Date(tick).toISOString()
  }

  /** One run of a task: its record at the end, and its last attempt's stream. */
  async function runOnce(task: string) {
    const key = await fire(task)
    const find = async () => (await runs(task)).find(({ run }) => run === key)
    const record = await until(
      async () => {
        const run = await find()
        return run?.finishedAt === undefined ? undefined : run
      },
      { explain: find },
    )
    return { record, ...(await stream(record)) }
  }

  /** What is in a stream: all of it, and the lines between the wrapper's start record and its end record. */
  async function stream({ logGroup, logStream }: Pick<RunRecord, 'logGroup' | 'logStream'>) {
    const all = await lines(logGroup, logStream)
    const records = all.map(parseRecord)
    return {
      all,
      lines: all.filter((_, index) => records[index] === undefined),
      start: records[0],
      end: records.find((record) => record?.slipstream === 'end'),
    }
  }

  async function deadLetters(): Promise<number> {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl(names.deadLetterQueue),
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    )
    return Number(Attributes['ApproximateNumberOfMessages'])
  }

  async function close(): Promise<void> {
    for (const endWatch of watches) endWatch()
    for (const client of [rawDynamoDb, logs, sqs, lambda, scheduler, s3, cloudFormation]) client.destroy()
    await engine.close()
    clock.close()
    data.remove()
  }

  return {
    engine,
    clock,
    warnings,
    names,
    rawDynamoDb,
    dynamoDb,
    s3,
    cloudFormation,
    logs,
    sqs,
    lambda,
    scheduler,
    queueUrl,
    advance,
    until,
    during,
    runs,
    lock,
    lines,
    fire,
    runOnce,
    stream,
    deadLetters,
    close,
  }
}
