import { type DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb'
import { type Lock, lockOf } from '../core/protocol/lock'

/** The locks of all tasks that ever ran or were paused, in one scan: one small item a task. */
export async function readLocks(client: DynamoDBDocumentClient, table: string): Promise<Map<string, Lock>> {
  const locks = new Map<string, Lock>()
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    for (const item of Items) locks.set(String(item['task']), lockOf(item))
  return locks
}

/** Of a task that never ran: free. */
export async function readLockOf(client: DynamoDBDocumentClient, table: string, task: string): Promise<Lock> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: { task }, ConsistentRead: true }),
  )
  return lockOf(Item)
}
