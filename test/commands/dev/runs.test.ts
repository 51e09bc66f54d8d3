import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { watchRuns } from '../../../lib/commands/dev/runs'
import { type Engine, startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'

describe('the watch over runs', () => {
  const data = temporaryFolder()
  let engine: Engine
  let client: DynamoDBDocumentClient
  beforeAll(async () => {
    engine = await startEngine({ port: 0, dataDir: data.path })
    client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(engine.endpoint)))
    for (const TableName of ['s-dev-runs', 'other-runs']) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: ['task', 'run'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          KeySchema: [
            { AttributeName: 'task', KeyType: 'HASH' },
            { AttributeName: 'run', KeyType: 'RANGE' },
          ],
        }),
      )
    }
  })
  afterAll(async () => {
    client.destroy()
    await engine.close()
    data.remove()
  })

  it('tells of each status and attempt once, of its own table only, until it ends', async () => {
    const told: string[] = []
    let heard = () => {}
    const next = () =>
      new Promise<void>((resolve) => {
        heard = resolve
      })
    const end = watchRuns(
      engine,
      client,
      's-dev-runs',
      ({ task, status, attempt }) => {
        told.push(`${task} ${status} ${attempt}`)
        heard()
      },
      (error) => {
        throw error
      },
    )
    const Key = { task: 'demo', run: '2026-03-01T00:00:00.000Z' }
    const update = (expression: string, values: Record<string, unknown>) =>
      client.send(
        new UpdateCommand({
          TableName: 's-dev-runs',
          Key,
          UpdateExpression: expression,
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: values,
        }),
      )
    let change = next()
    await client.send(
      new PutCommand({ TableName: 'other-runs', Item: { ...Key, status: 'RUNNING', attempt: 1 } }),
    )
    await client.send(
      new PutCommand({ TableName: 's-dev-runs', Item: { ...Key, status: 'RUNNING', attempt: 1 } }),
    )
    await change
    // A mark that changes neither.
    await update('SET #s = :s, requestId = :r', { ':s': 'RUNNING', ':r': 'x' })
    change = next()
    await update('SET #s = :s, attempt = :n', { ':s': 'RUNNING', ':n': 2 })
    await change
    change = next()
    await update('SET #s = :s', { ':s': 'SUCCEEDED' })
    await change
    end()
    await update('SET #s = :s', { ':s': 'FAILED' })
    expect(told).toEqual(['demo RUNNING 1', 'demo RUNNING 2', 'demo SUCCEEDED 2'])
  })
})
