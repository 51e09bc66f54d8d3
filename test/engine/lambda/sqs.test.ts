import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import { failuresOf } from '../../../lib/engine/lambda/sqs/records'
import { node, startWorld, until, type World, zip } from './support'

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:source'

let world: World
let sqs: SQSClient
let url: string
beforeEach(async () => {
  world = await startWorld({ queues: true })
  sqs = new SQSClient({ endpoint: world.door.endpoint, region: 'us-east-1', credentials: DUMMY_CREDENTIALS })
  const create = new CreateQueueCommand({ QueueName: 'source', Attributes: { VisibilityTimeout: '3' } })
  url = String((await sqs.send(create)).QueueUrl)
})
afterEach(async () => {
  sqs.destroy()
  await world.close()
})

async function create(source: string, more: object = {}) {
  const Code = { ZipFile: zip({ 'index.js': source }) }
  await world.lambda.send(new CreateFunctionCommand({ ...node('f'), Code, ...more }))
}
async function map(more: object = {}): Promise<string> {
  const command = new CreateEventSourceMappingCommand({ EventSourceArn: QUEUE, FunctionName: 'f', ...more })
  return String((await world.lambda.send(command)).UUID)
}
const send = (MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, ...more }))
const logged = (text: string) =>
  until(() => world.logs.of('/aws/lambda/f').find((line) => line.includes(text)))

async function inQueue(): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  const get = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] })
  const { Attributes } = await sqs.send(get)
  return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0)
}

test('a message invokes the function with the documented event and is deleted after it', async () => {
  await create('exports.handler = async (event) => { console.log(JSON.stringify(event)) }')
  await map()
  await send('hello', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } })
  const line = await logged('hello')
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    Records: [
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: expect.objectContaining({
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        }),
        messageAttributes: {
          kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        md5OfMessageAttributes: expect.any(String),
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE,
        awsRegion: 'us-east-1',
      },
    ],
  })
  await until(async () => (await inQueue()) === 0)
})

test('only messages that are reported as failed come again', async () => {
  await send('good')
  await send('bad')
  await create(
    `exports.handler = async ({ Records }) => {
      for (const { body } of Records) console.log('got', body)
      return { batchItemFailures: Records.filter((r) => r.body === 'bad').map((r) => ({ itemIdentifier: r.messageId })) }
    }`,
  )
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] })
  const times = (text: string) => world.logs.of('/aws/lambda/f').filter((line) => line.includes(text)).length
  await until(() => times('got bad') === 2)
  expect(times('got good')).toBe(1)
  expect(await inQueue()).toBe(1)
}, 20_000)

test('a disabled mapping takes nothing until it is enabled', async () => {
  await create('exports.handler = async ({ Records }) => { console.log("got", Records[0].body) }')
  const UUID = await map({ Enabled: false })
  await send('wait')
  expect(await world.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    State: 'Disabled',
  })
  expect(world.logs.of('/aws/lambda/f')).toEqual([])
  await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }))
  await logged('got wait')
})

test('mappings are listed, unique, checked against queue and function, and gone after deletion', async () => {
  await create('exports.handler = async () => {}', { Timeout: 6 })
  await expect(map()).rejects.toThrow(
    'Queue visibility timeout: 3 seconds is less than Function timeout: 6 seconds',
  )
  await expect(map({ EventSourceArn: `${QUEUE}-not` })).rejects.toThrow(/source-not/)
  await expect(map({ BatchSize: 11 })).rejects.toThrow(/batch window/)
  await expect(map({ EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' })).rejects.toThrow(
    /SQS/,
  )
  await sqs.send(new CreateQueueCommand({ QueueName: 'other' }))
  const other = { EventSourceArn: QUEUE.replace('source', 'other') }
  const UUID = await map({ ...other, ScalingConfig: { MaximumConcurrency: 2 } })
  await expect(map(other)).rejects.toMatchObject({ name: 'ResourceConflictException' })
  const list = () => world.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: 'f' }))
  expect((await list()).EventSourceMappings).toMatchObject([
    { UUID, BatchSize: 10, State: 'Enabled', ScalingConfig: { MaximumConcurrency: 2 } },
  ])
  await world.lambda.send(new DeleteEventSourceMappingCommand({ UUID }))
  expect((await list()).EventSourceMappings).toEqual([])
})

test.each([
  ['null', []],
  ['{}', []],
  ['{"batchItemFailures":null}', []],
  ['{"batchItemFailures":[]}', []],
  ['{"batchItemFailures":[{"itemIdentifier":"1"}]}', ['1']],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'all'],
  ['{"batchItemFailures":[{"id":"1"}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":"unknown"}]}', 'all'],
  ['not json', 'all'],
])('the answer %s fails %j', (payload, failures) => {
  const found = failuresOf(payload, [{ MessageId: '1' }, { MessageId: '2' }])
  expect(found === 'all' ? found : [...found]).toEqual(failures)
})
