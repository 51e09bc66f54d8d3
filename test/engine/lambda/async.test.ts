import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda'
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DUMMY_CREDENTIALS } from '../../../lib/engine/api'
import type { AsyncEvent } from '../../../lib/engine/lambda/async/event'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { call, node, startWorld, until, type World, zip } from './support'

const MINUTE = 60_000
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:records'

let clock: MovedClock
let world: World
let sqs: SQSClient
let url: string
beforeEach(async () => {
  clock = new MovedClock('2026-01-01T00:00:00Z')
  world = await startWorld({ clock, queues: true })
  sqs = new SQSClient({ endpoint: world.door.endpoint, region: 'us-east-1', credentials: DUMMY_CREDENTIALS })
  url = String((await sqs.send(new CreateQueueCommand({ QueueName: 'records' }))).QueueUrl)
})
afterEach(async () => {
  sqs.destroy()
  await world.close()
  clock.close()
})

const FAILS =
  'exports.handler = async (event, { awsRequestId }) => { console.log("try", awsRequestId); throw new Error("no") }'

async function create(name: string, source: string, more: object = {}) {
  const Code = { ZipFile: zip({ 'index.js': source }) }
  await world.lambda.send(new CreateFunctionCommand({ ...node(name), Code, ...more }))
}
async function configure(name: string, more: Partial<PutFunctionEventInvokeConfigCommandInput>) {
  const DestinationConfig = { OnSuccess: { Destination: QUEUE }, OnFailure: { Destination: QUEUE } }
  await world.lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: name, DestinationConfig, ...more }),
  )
}
const send = (name: string, event: unknown = {}) =>
  call(world.lambda, name, event, { InvocationType: 'Event' })

function waiting(): AsyncEvent[] {
  const dir = join(world.dataDir, 'lambda', 'events')
  const files = readdirSync(dir).filter((name) => name.endsWith('.json'))
  return files.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')))
}
const event = (is: (event: AsyncEvent) => boolean) => until(() => waiting().find(is))

async function message(): Promise<Message> {
  return until(async () => {
    const receive = new ReceiveMessageCommand({
      QueueUrl: url,
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
    })
    return (await sqs.send(receive)).Messages?.[0]
  })
}
const record = async () => JSON.parse(String((await message()).Body))

test('a success is reported to its destination', async () => {
  await create('ok', 'exports.handler = async () => ({ done: true })')
  await configure('ok', {})
  await send('ok', { a: 1 })
  expect(await record()).toEqual({
    version: '1.0',
    timestamp: '2026-01-01T00:00:00.000Z',
    requestContext: {
      requestId: expect.any(String),
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:ok:$LATEST',
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { done: true },
  })
  await until(() => waiting().length === 0)
})

test('a failing event is tried again after one and after two minutes with its request id, then reported', async () => {
  await create('fails', FAILS)
  await configure('fails', {})
  await send('fails')
  await event(({ failures, notBefore }) => failures === 1 && notBefore === clock.now() + MINUTE)
  clock.advance(MINUTE)
  await event(({ failures, notBefore }) => failures === 2 && notBefore === clock.now() + 2 * MINUTE)
  clock.advance(2 * MINUTE)
  const { requestContext, responseContext, responsePayload } = await record()
  expect(requestContext).toMatchObject({ condition: 'RetriesExhausted', approximateInvokeCount: 3 })
  expect(responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' })
  expect(responsePayload).toMatchObject({ errorType: 'Error', errorMessage: 'no' })
  const tries = world.logs.of('/aws/lambda/fails').filter((line) => line.includes('\ttry '))
  expect(tries).toHaveLength(3)
  expect(tries.every((line) => line.endsWith(`try ${requestContext.requestId}`))).toBe(true)
})

test('an event that will be too old at its next retry is given up at once', async () => {
  await create('fails', FAILS)
  await configure('fails', { MaximumEventAgeInSeconds: 100 })
  await send('fails')
  await event(({ failures }) => failures === 1)
  clock.advance(MINUTE)
  expect((await record()).requestContext).toMatchObject({
    condition: 'EventAgeExceeded',
    approximateInvokeCount: 2,
  })
})

test('no concurrency at all is reported without an invocation', async () => {
  await create('none', FAILS)
  await configure('none', {})
  await world.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'none', ReservedConcurrentExecutions: 0 }),
  )
  await send('none', { a: 1 })
  const given = await record()
  expect(given.requestContext).toMatchObject({
    condition: 'ZeroReservedConcurrency',
    approximateInvokeCount: 0,
  })
  expect(Object.keys(given)).toEqual(['version', 'timestamp', 'requestContext', 'requestPayload'])
})

test('a throttled event waits one second, then two, whatever its retries', async () => {
  await create(
    'busy',
    `exports.handler = ({ started }) => {
      if (!started) return Promise.resolve()
      require('fs').writeFileSync(started, '')
      return new Promise(() => setInterval(() => {}, 1000))
    }`,
  )
  await configure('busy', { MaximumRetryAttempts: 0 })
  await world.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'busy', ReservedConcurrentExecutions: 1 }),
  )
  const started = join(world.dataDir, 'started')
  const first = call(world.lambda, 'busy', { started })
  await until(() => existsSync(started))
  await send('busy')
  await event(({ throttles, notBefore }) => throttles === 1 && notBefore === clock.now() + 1000)
  clock.advance(1000)
  await event(({ throttles, notBefore }) => throttles === 2 && notBefore === clock.now() + 2000)
  await world.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'busy' }))
  clock.advance(2000)
  expect((await record()).requestContext).toMatchObject({ condition: 'Success', approximateInvokeCount: 1 })
  // The three seconds of the first are over by the same moves of the clock.
  expect((await first).payload).toMatchObject({ errorType: 'Sandbox.Timedout' })
})

test('an accepted event survives a restart', async () => {
  await create('fails', FAILS)
  await configure('fails', { MaximumRetryAttempts: 1 })
  await send('fails')
  await event(({ failures }) => failures === 1)
  await world.restart()
  clock.advance(MINUTE)
  expect((await record()).requestContext).toMatchObject({
    condition: 'RetriesExhausted',
    approximateInvokeCount: 2,
  })
})

test('a failed event goes to the dead-letter queue as it is', async () => {
  await create('dead', FAILS, { DeadLetterConfig: { TargetArn: QUEUE } })
  await configure('dead', { MaximumRetryAttempts: 0, DestinationConfig: {} })
  await send('dead', { a: 1 })
  const { Body, MessageAttributes } = await message()
  expect(Body).toBe('{"a":1}')
  expect(MessageAttributes).toMatchObject({
    RequestID: { StringValue: expect.stringMatching(/^\S{36}$/) },
    ErrorCode: { StringValue: '200' },
    ErrorMessage: { StringValue: 'no' },
  })
})

test('a function as destination is invoked with the record', async () => {
  await create(
    'sink',
    'exports.handler = async (event) => { console.log("got", event.requestContext.condition) }',
  )
  await create('fails', FAILS)
  const Destination = 'arn:aws:lambda:us-east-1:000000000000:function:sink'
  await configure('fails', { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } })
  await send('fails')
  await until(() => world.logs.of('/aws/lambda/sink').some((line) => line.endsWith('got RetriesExhausted')))
})
