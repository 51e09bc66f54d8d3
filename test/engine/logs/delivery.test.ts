import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ApiError } from '../../../lib/engine/api'
import { advanceUntil } from '../../support/time'
import { StandIn } from '../support/serve'
import { line, now, type StartedLogs, startLogs } from './support'

const MINUTE = 60_000
const CHECKER = 'arn:aws:lambda:us-east-1:000000000000:function:checker'
const filter = {
  logGroupName: 'group',
  filterName: 'verdicts',
  filterPattern: 'ERROR',
  destinationArn: CHECKER,
}

const taken = () => ({ status: 202 })

let lambda: StandIn
let served: StartedLogs['served']
let logs: StartedLogs['logs']
let put: StartedLogs['put']
let close: StartedLogs['close']

beforeEach(async () => {
  lambda = new StandIn('lambda', 'restJson1', taken)
  ;({ served, logs, put, close } = await startLogs([lambda]))
})
afterEach(() => close())

const write = (...texts: string[]) => put(...texts.map((text) => line(served.clock.now(), text)))

/** What the function got with its calls, in order, but for the probe of PutSubscriptionFilter. */
const delivered = () =>
  lambda.requests.slice(1).map(({ body }) => {
    const { awslogs } = JSON.parse(body.toString()) as { awslogs: { data: string } }
    return JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString())
  })
const messages = () =>
  delivered().map(({ logEvents }) => logEvents.map((event: { message: string }) => event.message))
const inFlight = () => readdirSync(join(served.dataDir, 'deliveries')).length
const deliver = (count: number) =>
  advanceUntil(served.clock, () => delivered().length >= count, { step: 100 })
const settled = () => advanceUntil(served.clock, () => inFlight() === 0, { step: 100 })

test('a new filter probes its function with a control message', async () => {
  await logs.putSubscriptionFilter(filter)
  const [probe] = lambda.requests
  expect(probe?.path).toContain(encodeURIComponent(CHECKER))
  expect(probe?.headers['x-amz-invocation-type']).toBe('Event')
  const { awslogs } = JSON.parse(String(probe?.body))
  expect(JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString())).toMatchObject({
    messageType: 'CONTROL_MESSAGE',
  })
})

test('a filter for a function that is not there is refused in AWS’s words', async () => {
  lambda.answer = () => {
    throw new ApiError('ResourceNotFoundException', 'Function not found', 404)
  }
  await expect(logs.putSubscriptionFilter(filter)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  })
  expect((await logs.describeSubscriptionFilters({ logGroupName: 'group' })).subscriptionFilters).toEqual([])
})

test('a group takes two filters, and one of a known name replaces it', async () => {
  await logs.putSubscriptionFilter(filter)
  await logs.putSubscriptionFilter({ ...filter, filterName: 'second' })
  await expect(logs.putSubscriptionFilter({ ...filter, filterName: 'third' })).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Resource limit exceeded.',
  })
  await logs.putSubscriptionFilter({ ...filter, filterPattern: 'WARN' })
  const { subscriptionFilters } = await logs.describeSubscriptionFilters({ logGroupName: 'group' })
  expect(subscriptionFilters?.map(({ filterName, filterPattern }) => [filterName, filterPattern])).toEqual([
    ['second', 'ERROR'],
    ['verdicts', 'WARN'],
  ])
})

test('matching events of one stream come in one message, with the ids that FilterLogEvents shows', async () => {
  await logs.putSubscriptionFilter(filter)
  await write('INFO fine', 'ERROR one')
  await write('ERROR two')
  await deliver(1)
  const { events } = await logs.filterLogEvents({ logGroupName: 'group', filterPattern: 'ERROR' })
  expect(delivered()).toEqual([
    {
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: 'group',
      logStream: 'stream',
      subscriptionFilters: ['verdicts'],
      logEvents: events?.map(({ eventId: id, timestamp, message }) => ({ id, timestamp, message })),
    },
  ])
  await settled()
})

test('a megabyte in one line is delivered, and not together with another', async () => {
  await logs.putSubscriptionFilter(filter)
  const long = `ERROR ${'x'.repeat(1_000_000)}`
  await write(long)
  await write(`ERROR ${'y'.repeat(100_000)}`)
  await deliver(2)
  expect(messages()[0]).toEqual([long])
  await settled()
})

test('a throttled delivery is repeated with growing pauses until it is taken', async () => {
  await logs.putSubscriptionFilter(filter)
  lambda.answer = () => {
    if (lambda.requests.length < 5) throw new ApiError('TooManyRequestsException', 'Rate exceeded', 429)
    return taken()
  }
  await write('ERROR one')
  const times: number[] = []
  for (let count = 1; count <= 4; count++) {
    await deliver(count)
    times.push(served.clock.now() - now)
  }
  await settled()
  expect(messages()).toEqual([['ERROR one'], ['ERROR one'], ['ERROR one'], ['ERROR one']])
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  expect(pauses[0]).toBeGreaterThanOrEqual(1000)
  expect(pauses[2]).toBeGreaterThanOrEqual(4000)
  expect(served.warnings).toEqual([])
})

test('it is given up after 24 hours, and said', async () => {
  await logs.putSubscriptionFilter(filter)
  lambda.answer = () => {
    throw new ApiError('ServiceException', 'down', 500)
  }
  await write('ERROR one')
  await advanceUntil(served.clock, () => served.warnings.length > 0, {
    step: 30 * MINUTE,
    limit: 48 * 60 * MINUTE,
  })
  expect(served.clock.now() - now).toBeGreaterThanOrEqual(23.9 * 60 * MINUTE)
  expect(served.warnings[0]).toContain('1 events of group are lost to arn:aws:lambda')
  expect(inFlight()).toBe(0)
})

test('a function that is gone turns the filter off for ten minutes, and the logs of that time are lost', async () => {
  await logs.putSubscriptionFilter(filter)
  lambda.answer = () => {
    throw new ApiError('ResourceNotFoundException', 'Function not found', 404)
  }
  await write('ERROR lost')
  await advanceUntil(served.clock, () => served.warnings.length > 0)
  lambda.answer = taken
  const before = delivered().length
  await write('ERROR skipped')
  served.clock.advance(10 * MINUTE)
  await write('ERROR back')
  await deliver(before + 1)
  expect(messages().slice(before)).toEqual([['ERROR back']])
  await settled()
})

test('putting the filter again turns it on at once', async () => {
  await logs.putSubscriptionFilter(filter)
  lambda.answer = () => {
    throw new ApiError('AccessDeniedException', 'no', 403)
  }
  await write('ERROR lost')
  await advanceUntil(served.clock, () => served.warnings.length > 0)
  lambda.answer = taken
  await logs.putSubscriptionFilter(filter)
  const before = delivered().length
  await write('ERROR back')
  await deliver(before + 1)
  expect(messages().at(-1)).toEqual(['ERROR back'])
  await settled()
})

test('what was not delivered before a restart is delivered after it', async () => {
  await logs.putSubscriptionFilter(filter)
  await write('ERROR one')
  await served.restart()
  await deliver(1)
  expect(messages()).toEqual([['ERROR one']])
  await settled()
})

test('a kill in the middle of writing them down costs no event that was answered for', async () => {
  await logs.putSubscriptionFilter(filter)
  await write('ERROR one', 'ERROR two')
  const folder = join(served.dataDir, 'deliveries')
  const [file] = readdirSync(folder)
  await served.service.close()
  appendFileSync(join(folder, file as string), '{"id":"00')
  writeFileSync(join(folder, 'unfinished.ndjson'), '{"logGr')
  await served.restart()
  await deliver(1)
  expect(messages()).toEqual([['ERROR one', 'ERROR two']])
  await settled()
})

test('a deleted filter delivers nothing', async () => {
  await logs.putSubscriptionFilter(filter)
  await logs.putSubscriptionFilter({ ...filter, filterName: 'other', filterPattern: 'WARN' })
  await logs.deleteSubscriptionFilter({ logGroupName: 'group', filterName: 'verdicts' })
  await write('ERROR one', 'WARN two')
  await settled()
  expect(
    delivered()
      .slice(1)
      .map(({ logEvents }) => logEvents[0].message),
  ).toEqual(['WARN two'])
  await expect(
    logs.deleteSubscriptionFilter({ logGroupName: 'group', filterName: 'verdicts' }),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified subscription filter does not exist.',
  })
})
