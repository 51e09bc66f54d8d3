import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
} from '@aws-sdk/client-lambda'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import { enterFunction } from '../../../lib/engine/lambda/trace'
import { call, node, startWorld, until, type World, zip } from './support'

const ROOT = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0'

let world: World
let sqs: SQSClient
beforeEach(async () => {
  world = await startWorld({ queues: true })
  sqs = new SQSClient({ endpoint: world.door.endpoint, region: 'us-east-1', credentials: DUMMY_CREDENTIALS })
})
afterEach(async () => {
  sqs.destroy()
  await world.close()
})

async function queue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  return String(QueueUrl)
}
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`

async function create(name: string, source: string, Variables: Record<string, string> = {}): Promise<void> {
  const Code = { ZipFile: zip({ 'index.js': source }) }
  const Environment = { Variables }
  await world.lambda.send(new CreateFunctionCommand({ ...node(name), Code, Environment, Timeout: 5 }))
}
const allow = (FunctionName: string) =>
  world.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }))
/** What an SDK adds to a call when it runs in a function. */
function setHeader({ request }: { request: unknown }, header: string): void {
  const { headers } = request as { headers: Record<string, string> }
  headers['X-Amzn-Trace-Id'] = header
}
const invocations = (name: string) =>
  world.logs.of(`/aws/lambda/${name}`).filter((line) => line.startsWith('START')).length

const SENDS_ON = `
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs')
  const sqs = new SQSClient({})
  exports.handler = async ({ Records }) => {
    const hop = Number(Records[0].body) + 1
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.URL, MessageBody: String(hop) }))
  }`
const INVOKES_ITSELF = `
  const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda')
  const lambda = new LambdaClient({})
  exports.handler = async ({ hop }, { functionName }) => {
    const Payload = JSON.stringify({ hop: hop + 1 })
    if (hop < 30) await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }))
  }`

test('a function that sends to its own queue is stopped after 16 invocations, and the message is given up by its queue', async () => {
  const dead = await queue('dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 })
  const URL = await queue('loop', { VisibilityTimeout: '5', RedrivePolicy })
  await create('looping', SENDS_ON, { URL })
  await world.lambda.send(
    new CreateEventSourceMappingCommand({ EventSourceArn: arnOf('loop'), FunctionName: 'looping' }),
  )
  await sqs.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: '0' }))
  await until(() => world.warnings.find((line) => line.includes('Lambda stopped looping')))
  await until(() => invocations('looping') === 16)

  const get = new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20 })
  const { Messages = [] } = await sqs.send(get)
  expect(Messages.map(({ Body }) => Body)).toEqual(['16'])
  expect(invocations('looping')).toBe(16)
}, 40_000)

test('a function that is allowed to goes on', async () => {
  const URL = await queue('loop')
  await create('looping', SENDS_ON, { URL })
  await allow('looping')
  await world.lambda.send(
    new CreateEventSourceMappingCommand({ EventSourceArn: arnOf('loop'), FunctionName: 'looping' }),
  )
  await sqs.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: '0' }))
  await until(() => invocations('looping') > 20)
  expect(world.warnings).toEqual([])
}, 20_000)

test('a function that invokes itself asynchronously is stopped, and its on-failure destination told', async () => {
  const failures = await queue('failures')
  await create('looping', INVOKES_ITSELF)
  await world.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'looping',
      DestinationConfig: { OnFailure: { Destination: arnOf('failures') } },
    }),
  )
  await call(world.lambda, 'looping', { hop: 1 }, { InvocationType: 'Event' })
  const get = new ReceiveMessageCommand({
    QueueUrl: failures,
    WaitTimeSeconds: 20,
    MessageSystemAttributeNames: ['AWSTraceHeader'],
  })
  const { Messages = [] } = await sqs.send(get)
  expect(JSON.parse(String(Messages[0]?.Body))).toMatchObject({
    requestContext: { condition: 'RecursiveInvocationException' },
    requestPayload: { hop: 17 },
  })
  // What is told of the event is part of its chain.
  expect(Messages[0]?.Attributes?.AWSTraceHeader).toMatch(/Lineage=[0-9a-f]{8}:17$/)
  await until(() => invocations('looping') >= 16)
  expect(invocations('looping')).toBe(16)
}, 40_000)

test('who calls a function in a loop and waits for it gets the error that AWS documents', async () => {
  await create('called', 'exports.handler = async () => process.env._X_AMZN_TRACE_ID')
  const callFrom = (header: string) => {
    const command = new InvokeCommand({ FunctionName: 'called' })
    command.middlewareStack.add(
      (next) => (args) => {
        setHeader(args, header)
        return next(args)
      },
      { step: 'build' },
    )
    return world.lambda.send(command)
  }
  let header = ROOT
  for (let n = 1; n <= 15; n++) header = enterFunction(header, 'called').header
  const { Payload } = await callFrom(header)
  const given = JSON.parse(Buffer.from(Payload ?? []).toString()) as string
  expect(given).toBe(enterFunction(header, 'called').header)
  await expect(callFrom(given)).rejects.toMatchObject({
    name: 'RecursiveInvocationException',
    $metadata: { httpStatusCode: 400 },
  })
  await allow('called')
  await expect(callFrom(given)).resolves.toMatchObject({ StatusCode: 200 })
})

describe('the trace header of a message', () => {
  const header = `${ROOT};Lineage=a87bd80c:3`

  let inFunction: SQSClient
  beforeEach(() => {
    inFunction = new SQSClient({
      endpoint: world.door.endpoint,
      region: 'us-east-1',
      credentials: DUMMY_CREDENTIALS,
    })
    inFunction.middlewareStack.add(
      (next) => (args) => {
        setHeader(args, header)
        return next(args)
      },
      { step: 'build' },
    )
  })
  afterEach(() => inFunction.destroy())

  async function received(url: string, names: ('All' | 'AWSTraceHeader' | 'SentTimestamp')[]) {
    const get = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: names,
      VisibilityTimeout: 0,
    })
    return (await sqs.send(get)).Messages ?? []
  }

  test.each(['All', 'AWSTraceHeader'] as const)('is its sender’s, for who asks for %s', async (name) => {
    const url = await queue('q')
    await inFunction.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }))
    const Entries = [{ Id: '1', MessageBody: 'two' }]
    await inFunction.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    const headers = (await received(url, [name])).map(({ Attributes }) => Attributes?.AWSTraceHeader)
    expect(headers).toEqual([header, header])
  })

  test('is not shown to who does not ask for it, nor made up where there was none', async () => {
    const url = await queue('q')
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'none' }))
    expect((await received(url, ['All']))[0]?.Attributes).not.toHaveProperty('AWSTraceHeader')
    await inFunction.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }))
    for (const { Attributes } of await received(url, ['SentTimestamp']))
      expect(Object.keys(Attributes ?? {})).toEqual(['SentTimestamp'])
  })

  test('given as a system attribute goes before the header of the call', async () => {
    const url = await queue('q')
    const AWSTraceHeader = { DataType: 'String', StringValue: ROOT }
    const Entries = [
      { Id: '1', MessageBody: 'one', MessageSystemAttributes: { AWSTraceHeader } },
      { Id: '2', MessageBody: 'two' },
    ]
    await inFunction.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    const messages = await received(url, ['All'])
    expect(messages.map(({ Body, Attributes }) => [Body, Attributes?.AWSTraceHeader])).toEqual([
      ['one', ROOT],
      ['two', header],
    ])
  })

  test('stays with it on its way to a dead-letter queue', async () => {
    const dead = await queue('dead')
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 })
    const url = await queue('q', { RedrivePolicy })
    await inFunction.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }))
    await received(url, [])
    await until(async () => {
      await received(url, [])
      const get = new GetQueueAttributesCommand({
        QueueUrl: dead,
        AttributeNames: ['ApproximateNumberOfMessages'],
      })
      return (await sqs.send(get)).Attributes?.ApproximateNumberOfMessages === '1'
    })
    expect((await received(dead, ['All']))[0]?.Attributes?.AWSTraceHeader).toBe(header)
  })
})
