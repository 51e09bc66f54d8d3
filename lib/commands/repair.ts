import { type DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb'
import { random } from '../aws/random'
import type { ServiceNames } from '../core/names'
import type { RunRecord } from '../core/protocol/record'
import { repairTask } from '../core/protocol/repair'
import { perform } from '../ports/perform'
import type { Ports } from '../ports/ports'

/**
 * Puts back what a lost queue took with it, for every task that has a lock. Returns how many runs had not ended.
 * Reads all run records of the service once.
 */
export async function repairService(
  client: DynamoDBDocumentClient,
  names: ServiceNames,
  ports: Ports,
): Promise<number> {
  let count = 0
  for await (const page of paginateScan({ client }, { TableName: names.locksTable, ConsistentRead: true }))
    for (const { task } of page.Items ?? []) {
      const unfinished = await unfinishedOf(client, names.runsTable, String(task))
      count += unfinished.length
      const context = { now: Date.now, random, by: `repair-${random()}`, prefix: names.prefix }
      await perform(repairTask(context, String(task), unfinished), ports)
    }
  return count
}

async function unfinishedOf(
  client: DynamoDBDocumentClient,
  table: string,
  task: string,
): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'task = :task',
    FilterExpression: 'attribute_not_exists(finishedAt)',
    ExpressionAttributeValues: { ':task': task },
  }
  for await (const { Items = [] } of paginateQuery({ client }, query)) records.push(...(Items as RunRecord[]))
  return records
}
