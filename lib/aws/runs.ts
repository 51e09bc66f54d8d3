import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { BRIEF, type BriefRun, type RunRecord, type Status, type Trigger } from '../core/protocol/record'

export const UNFINISHED = ['QUEUED', 'RUNNING', 'RETRYING'] as const satisfies readonly Status[]

export type RunFilter = {
  statuses?: readonly Status[] | undefined
  trigger?: Trigger | undefined
  /** Run keys, that is ISO 8601 times in milliseconds, UTC: from this on, and up to this. */
  from?: string
  to?: string
  /** At most so many records. */
  limit?: number
  oldestFirst?: boolean
}

/** Runs of a task, the newest first: a run's key is its tick's time, or when it was asked for by hand. */
export async function readRuns(
  client: DynamoDBDocumentClient,
  table: string,
  task: string,
  filter: RunFilter = {},
): Promise<RunRecord[]> {
  return query<RunRecord>(client, table, task, filter)
}

/** The same without what a list does not show. It costs DynamoDB as much, but thousands take a third of the time. */
export async function readBriefRuns(
  client: DynamoDBDocumentClient,
  table: string,
  task: string,
  filter: RunFilter = {},
): Promise<BriefRun[]> {
  return query<BriefRun>(client, table, task, filter, BRIEF)
}

async function query<T>(
  client: DynamoDBDocumentClient,
  table: string,
  task: string,
  { statuses, trigger, from = '0', to = '9', limit = Number.POSITIVE_INFINITY }: RunFilter,
  attributes: readonly string[] = [],
): Promise<T[]> {
  const filter = filterOf(statuses, trigger)
  const input = {
    TableName: table,
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditionExpression: '#task = :task AND #run BETWEEN :from AND :to',
    ExpressionAttributeNames: {
      '#task': 'task',
      '#run': 'run',
      ...filter.names,
      ...Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
    },
    ...(attributes.length > 0
      ? { ProjectionExpression: attributes.map((name) => `#${name}`).join(', ') }
      : {}),
    ExpressionAttributeValues: { ':task': task, ':from': from, ':to': to, ...filter.values },
    ...(filter.conditions.length > 0
      ? { FilterExpression: filter.conditions.join(' AND ') }
      : // With a filter DynamoDB would count what it looked at, not what it found.
        Number.isFinite(limit)
        ? { Limit: limit }
        : {}),
  }
  const found: T[] = []
  for await (const { Items = [] } of paginateQuery({ client }, input)) {
    found.push(...(Items as T[]))
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

export async function readRun(
  client: DynamoDBDocumentClient,
  table: string,
  task: string,
  run: string,
): Promise<RunRecord | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: { task, run }, ConsistentRead: true }),
  )
  return Item as RunRecord | undefined
}

function filterOf(statuses: readonly Status[] | undefined, trigger: Trigger | undefined) {
  const wanted = Object.fromEntries((statuses ?? []).map((status, index) => [`:s${index}`, status]))
  return {
    names: { ...(statuses && { '#status': 'status' }), ...(trigger && { '#trigger': 'trigger' }) },
    values: { ...wanted, ...(trigger && { ':trigger': trigger }) },
    conditions: [
      ...(statuses ? [`#status IN (${Object.keys(wanted).join(', ')})`] : []),
      ...(trigger ? ['#trigger = :trigger'] : []),
    ],
  }
}
