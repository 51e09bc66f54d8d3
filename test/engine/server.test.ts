import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { MovedClock } from '../../lib/engine/moved-clock'
import { type Engine, startEngine } from '../../lib/engine/server'
import { readEngineFile } from '../../lib/local-engine'
import { clientConfig, temporaryFolder } from '../support/engine'
import { advanceUntil } from '../support/time'

const table = {
  TableName: 'runs',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [{ AttributeName: 'task', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'task', KeyType: 'HASH' as const }],
}

function clients({ endpoint }: Engine) {
  const config = clientConfig(endpoint)
  const made = {
    dynamoDb: new DynamoDBClient(config),
    sqs: new SQSClient(config),
    s3: new S3Client(config),
  }
  const destroy = () => {
    for (const client of Object.values(made)) client.destroy()
  }
  return { ...made, destroy }
}

describe('the engine', () => {
  const data = temporaryFolder()
  let engine: Engine
  let aws: ReturnType<typeof clients>
  const start = async (port = 0) => {
    engine = await startEngine({ port, dataDir: data.path })
    aws = clients(engine)
  }
  const stop = async () => {
    aws.destroy()
    await engine.close()
  }
  beforeAll(() => start())
  afterAll(async () => {
    await stop()
    data.remove()
  })

  it('keeps tables, with conditions and the account and region that the engine names', async () => {
    const { dynamoDb } = aws
    await dynamoDb.send(new CreateTableCommand(table))
    const described = await dynamoDb.send(new DescribeTableCommand({ TableName: 'runs' }))
    expect(described.Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/runs',
    })
    const put = new PutItemCommand({
      TableName: 'runs',
      Item: { task: { S: 'demo' }, n: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(task)',
    })
    await dynamoDb.send(put)
    await expect(dynamoDb.send(put)).rejects.toThrow(ConditionalCheckFailedException)
    const got = await dynamoDb.send(new GetItemCommand({ TableName: 'runs', Key: { task: { S: 'demo' } } }))
    expect(got.Item).toEqual({ task: { S: 'demo' }, n: { N: '1' } })
  })

  it('gives the item of a table along with a refused write that asks for it, as DynamoDB does', async () => {
    const { dynamoDb } = aws
    const TableName = 'refusals'
    await dynamoDb.send(new CreateTableCommand({ ...table, TableName }))
    const Item = { task: { S: 'demo' }, n: { N: '1' } }
    await dynamoDb.send(new PutItemCommand({ TableName, Item }))
    const Key = { task: { S: 'demo' } }
    const ConditionExpression = 'attribute_exists(nowhere)'
    const refusalOf = async (command: { input: object }) => {
      const refusal = await dynamoDb.send(command as PutItemCommand).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(ConditionalCheckFailedException)
      return (refusal as ConditionalCheckFailedException).Item
    }
    const asked = { TableName, ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
    expect(await refusalOf(new UpdateItemCommand({ ...asked, Key }))).toEqual(Item)
    expect(await refusalOf(new PutItemCommand({ ...asked, Item: Key }))).toEqual(Item)
    expect(await refusalOf(new DeleteItemCommand({ ...asked, Key }))).toEqual(Item)
    const absent = { task: { S: 'nobody' } }
    expect(await refusalOf(new UpdateItemCommand({ ...asked, Key: absent }))).toBeUndefined()
    expect(await refusalOf(new UpdateItemCommand({ TableName, ConditionExpression, Key }))).toBeUndefined()
  })

  it("tells of a table's time to live what was set, and forgets it with the table", async () => {
    const { dynamoDb } = aws
    const TableName = 'with-ttl'
    const describe = async () =>
      (await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription
    const set = { AttributeName: 'expiresAt', Enabled: true }
    const update = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: set })
    await expect(dynamoDb.send(update)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await dynamoDb.send(new CreateTableCommand({ ...table, TableName }))
    expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
    await dynamoDb.send(update)
    expect(await describe()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' })
    await dynamoDb.send(new DeleteTableCommand({ TableName }))
    await waitUntilTableNotExists(
      { client: dynamoDb, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
      { TableName },
    )
    await dynamoDb.send(new CreateTableCommand({ ...table, TableName }))
    expect(await describe()).toEqual({ TimeToLiveStatus: 'DISABLED' })
  })

  it('carries messages through a queue whose URL is at its endpoint', async () => {
    const { sqs } = aws
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: 'tasks',
        Attributes: { VisibilityTimeout: '60' },
        tags: { team: 'a' },
      }),
    )
    expect(QueueUrl).toBe(`${engine.endpoint}/000000000000/tasks`)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a tick' }))
    const received = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['All'] }),
    )
    const [message] = received.Messages ?? []
    expect(message).toMatchObject({ Body: 'a tick', Attributes: { ApproximateReceiveCount: '1' } })
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }))
    const attributes = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    expect(attributes.Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:tasks',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    })
  })

  it('gives back at once what a poller that went away was about to get', async () => {
    const { sqs } = aws
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'abandoned' }))
    const gone = new AbortController()
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    })
    const abandoned = expect(poll).rejects.toMatchObject({ name: 'AbortError' })
    // A second call on the same server: the poll has arrived by the time that it is answered.
    await sqs.send(new ListQueuesCommand({}))
    gone.abort()
    await abandoned
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
    expect(Messages).toMatchObject([{ Body: 'kept' }])
  })

  it('stores objects of the size of a deployment package, path style and presigned key characters included', async () => {
    const { s3 } = aws
    await s3.send(new CreateBucketCommand({ Bucket: 'deployment' }))
    const Body = Buffer.alloc(20 * 1024 * 1024, 'x')
    await s3.send(new PutObjectCommand({ Bucket: 'deployment', Key: 'serverless/a b+c/code.zip', Body }))
    const got = await s3.send(
      new GetObjectCommand({ Bucket: 'deployment', Key: 'serverless/a b+c/code.zip' }),
    )
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true)
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: 'deployment', Key: 'serverless/a b+c/code.zip' }),
    )
    expect(head.ContentLength).toBe(Body.length)
  })

  it('answers STS with the account that no one has', async () => {
    const response = await fetch(engine.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/sts/aws4_request, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    })
    expect(await response.text()).toContain('<Account>000000000000</Account>')
  })

  it('lets only one engine use a folder, and says where that one is', async () => {
    await expect(startEngine({ port: 0, dataDir: data.path })).rejects.toThrow(engine.endpoint)
    expect(readEngineFile(data.path)).toMatchObject({ endpoint: engine.endpoint, pid: process.pid })
  })

  it('has after a restart at another port the tables, objects and queues of before', async () => {
    await aws.s3.send(
      new PutObjectCommand({ Bucket: 'deployment', Key: 'kept', Body: 'still here', Metadata: { sha: '1' } }),
    )
    await aws.s3.send(new PutObjectCommand({ Bucket: 'deployment', Key: 'gone', Body: 'x' }))
    await aws.s3.send(new DeleteObjectCommand({ Bucket: 'deployment', Key: 'gone' }))
    await aws.dynamoDb.send(
      new UpdateTimeToLiveCommand({
        TableName: 'runs',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      }),
    )
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl: `${engine.endpoint}/000000000000/abandoned` }))
    const before = engine.endpoint
    await stop()
    expect(existsSync(join(data.path, 'engine.json'))).toBe(false)
    await start()
    expect(engine.endpoint).not.toBe(before)

    const item = await aws.dynamoDb.send(
      new GetItemCommand({ TableName: 'runs', Key: { task: { S: 'demo' } } }),
    )
    expect(item.Item?.['n']).toEqual({ N: '1' })
    const ttl = await aws.dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: 'runs' }))
    expect(ttl.TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED')
    const listed = await aws.s3.send(new ListObjectsV2Command({ Bucket: 'deployment' }))
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['kept', 'serverless/a b+c/code.zip'])
    const kept = await aws.s3.send(new GetObjectCommand({ Bucket: 'deployment', Key: 'kept' }))
    expect(await kept.Body?.transformToString()).toBe('still here')
    expect(kept.Metadata).toEqual({ sha: '1' })
    const QueueUrl = `${engine.endpoint}/000000000000/tasks`
    expect((await aws.sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl])
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    )
    expect(Attributes).toEqual({ VisibilityTimeout: '60' })
  })

  it('takes over the folder of an engine that was killed', async () => {
    const own = temporaryFolder()
    writeFileSync(join(own.path, 'engine.json'), JSON.stringify({ endpoint: 'http://127.0.0.1:9', pid: 1 }))
    const second = await startEngine({ port: 0, dataDir: own.path })
    expect(readEngineFile(own.path)?.endpoint).toBe(second.endpoint)
    await second.close()
    own.remove()
  })
})

it('moves the time of SQS and of its own answers with a moved clock', async () => {
  const data = temporaryFolder()
  const clock = new MovedClock('2026-03-01T00:00:00Z')
  const engine = await startEngine({ port: 0, dataDir: data.path, clock })
  const { sqs, destroy } = clients(engine)
  try {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'tasks' }))
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }))
    const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] })
    expect((await sqs.send(receive)).Messages).toBeUndefined()
    const message = await advanceUntil(clock, async () => (await sqs.send(receive)).Messages?.[0], {
      step: 60_000,
      limit: 15 * 60_000,
    })
    expect(clock.now()).toBe(Date.parse('2026-03-01T00:15:00Z'))
    expect(message.Attributes?.['SentTimestamp']).toBe(String(Date.parse('2026-03-01T00:00:00Z')))
    for (const service of ['sts', 'dynamodb', 'sqs', 'lambda']) {
      const authorization = `AWS4-HMAC-SHA256 Credential=k/20260301/us-east-1/${service}/aws4_request, Signature=0`
      const { headers } = await fetch(engine.endpoint, { headers: { authorization } })
      expect([service, headers.get('date')]).toEqual([service, 'Sun, 01 Mar 2026 00:15:00 GMT'])
    }
  } finally {
    destroy()
    await engine.close()
    clock.close()
    data.remove()
  }
})
