import {
  type CloudWatchLogsClient,
  paginateDescribeLogStreams,
  paginateFilterLogEvents,
  paginateGetLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import { type DynamoDBDocumentClient, paginateQuery, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { parseStreamName, type ServiceNames } from '../../../lib/core/names'
import { isEnded, type RunRecord } from '../../../lib/core/protocol/record'
import { TARGET, TASKS } from './tasks'

export type Event = { timestamp: number; message: string }
export type Lock = { task: string; slots?: Record<string, number>; waiting?: Set<string> }

/** What DynamoDB and the logs say; nothing else is known to the observer. */
export type Facts = {
  runs: RunRecord[]
  locks: Lock[]
  /** By name, the events of each stream in which an attempt wrote. */
  streams: Map<string, Event[]>
  /** By request id of an invocation of the target: when Lambda says that it was over, epoch ms. */
  over: Map<string, number>
}

export type Reader = { dynamoDb: DynamoDBDocumentClient; logs: CloudWatchLogsClient; names: ServiceNames }

/** Of the runs whose key is `since` or later. */
export async function readFacts(reader: Reader, since: string): Promise<Facts> {
  return {
    runs: await readRuns(reader, since),
    locks: await readLocks(reader),
    streams: await readStreams(reader, since),
    over: await readOver(reader, Date.parse(since)),
  }
}

/** At least so many runs since then, all ended, and nobody holds a slot or waits for one. */
export async function isAtRest(reader: Reader, since: string, runs: number): Promise<boolean> {
  const found = await readRuns(reader, since)
  if (found.length < runs || !found.every(isEnded)) return false
  const locks = await readLocks(reader)
  return locks.every(({ slots = {}, waiting }) => Object.keys(slots).length === 0 && !waiting)
}

export async function readRuns({ dynamoDb, names }: Reader, since: string): Promise<RunRecord[]> {
  const found: RunRecord[] = []
  for (const task of Object.keys(TASKS)) {
    const input = {
      TableName: names.runsTable,
      KeyConditionExpression: 'task = :task AND run >= :since',
      ExpressionAttributeValues: { ':task': task, ':since': since },
      ConsistentRead: true,
    }
    for await (const { Items = [] } of paginateQuery({ client: dynamoDb }, input)) {
      found.push(...(Items as RunRecord[]))
    }
  }
  return found
}

async function readLocks({ dynamoDb, names }: Reader): Promise<Lock[]> {
  const { Items = [] } = await dynamoDb.send(
    new ScanCommand({ TableName: names.locksTable, ConsistentRead: true }),
  )
  return Items as Lock[]
}

async function readStreams({ logs, names }: Reader, since: string): Promise<Map<string, Event[]>> {
  const { logGroup: logGroupName } = names
  const found = new Map<string, Event[]>()
  for await (const { logStreams = [] } of paginateDescribeLogStreams({ client: logs }, { logGroupName })) {
    for (const { logStreamName = '' } of logStreams) {
      if ((parseStreamName(logStreamName)?.run ?? since) >= since) found.set(logStreamName, [])
    }
  }
  for (const [logStreamName, events] of found) {
    const stream = { logGroupName, logStreamName, startFromHead: true }
    for await (const page of paginateGetLogEvents({ client: logs, stopOnSameToken: true }, stream)) {
      events.push(...(page.events ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message })))
    }
  }
  return found
}

/** Lambda writes END when a process has answered or is gone. */
async function readOver({ logs }: Reader, startTime: number): Promise<Map<string, number>> {
  const over = new Map<string, number>()
  const input = { logGroupName: `/aws/lambda/${TARGET}`, filterPattern: '"END RequestId"', startTime }
  for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, input)) {
    for (const { timestamp = 0, message = '' } of events) {
      const [, id] = /END RequestId: (\S+)/.exec(message) ?? []
      if (id !== undefined) over.set(id, timestamp)
    }
  }
  return over
}
