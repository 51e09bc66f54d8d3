import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import type { RunRecord } from '../../core/protocol/record'
import type { Call } from '../../engine/door/door'
import type { Engine } from '../../engine/server'

type Attribute = { S?: string }
type Written = { TableName?: string; Key?: Record<string, Attribute>; Item?: Record<string, Attribute> }

/**
 * Calls `changed` with the record of each run as its status or attempt changes, in the order of the changes. Learns of
 * them from the writes that go through the door, so it costs nothing while nothing happens.
 */
export function watchRuns(
  engine: Engine,
  client: DynamoDBDocumentClient,
  table: string,
  changed: (run: RunRecord) => void,
  failed: (error: unknown) => void,
): () => void {
  const last = new Map<string, string>()
  let reading = Promise.resolve()

  async function read(task: string, run: string): Promise<void> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { task, run }, ConsistentRead: true }),
    )
    if (!Item) return
    const record = Item as RunRecord
    const key = `${task} ${run}`
    const state = `${record.status} ${record.attempt ?? 0}`
    if (last.get(key) === state) return
    last.set(key, state)
    changed(record)
  }

  return engine.onCall((call) => {
    const key = writtenKey(call, table)
    if (key) reading = reading.then(() => read(...key)).catch(failed)
  })
}

function writtenKey({ service, request, response }: Call, table: string): [string, string] | undefined {
  const operation = request.headers['x-amz-target']?.split('.')[1]
  if (service !== 'dynamodb' || response.status !== 200) return undefined
  if (operation !== 'PutItem' && operation !== 'UpdateItem') return undefined
  const { TableName, Key, Item } = JSON.parse(request.body.toString()) as Written
  const { task, run } = Key ?? Item ?? {}
  return TableName === table && task?.S !== undefined && run?.S !== undefined ? [task.S, run.S] : undefined
}
