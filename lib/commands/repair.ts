import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetQueueUrlCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb'
import { CloudWatchLogs } from '../aws/cloudwatch-logs'
import { DynamoDbStore } from '../aws/dynamodb-store'
import { LambdaTargets } from '../aws/lambda-targets'
import { random } from '../aws/random'
import { SqsQueue } from '../aws/sqs-queue'
import type { ServiceNames } from '../core/names'
import type { RunRecord } from '../core/protocol/record'
import { repairTask } from '../core/protocol/repair'
import { perform } from '../ports/perform'

type Connection = Pick<SQSClientConfig, 'endpoint' | 'region' | 'credentials'>

/**
 * Puts back what a lost queue took with it, for every task that has a lock. Returns how many runs had not ended.
 * Reads all run records of the service once.
 */
export async function repairService(names: ServiceNames, connection: Connection): Promise<number> {
  const dynamoDb = new DynamoDBClient(connection)
  const sqs = new SQSClient(connection)
  const logs = new CloudWatchLogsClient(connection)
  const targets = new LambdaTargets(connection)
  try {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: names.queue }))
    const ports = {
      store: new DynamoDbStore(dynamoDb, names),
      queue: new SqsQueue(sqs, QueueUrl),
      targets,
      logs: new CloudWatchLogs(logs, Date.now),
    }
    const client = DynamoDBDocumentClient.from(dynamoDb)
    let count = 0
    for (const task of await tasksWithLock(client, names.locksTable)) {
      const unfinished = await unfinishedOf(client, names.runsTable, task)
      count += unfinished.length
      const context = { now: Date.now, random, by: `repair-${random()}`, prefix: names.prefix }
      await perform(repairTask(context, task, unfinished), ports)
    }
    return count
  } finally {
    for (const closing of [dynamoDb, sqs, logs]) closing.destroy()
    targets.close()
  }
}

async function tasksWithLock(client: DynamoDBDocumentClient, table: string): Promise<string[]> {
  const tasks: string[] = []
  const scan = { TableName: table, ConsistentRead: true, ProjectionExpression: 'task' }
  for await (const { Items = [] } of paginateScan({ client }, scan))
    tasks.push(...Items.map(({ task }) => String(task)))
  return tasks
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
