import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs'
import { line, messages, now, type StartedLogs, startLogs, stream } from './support'

let served: StartedLogs['served']
let logs: StartedLogs['logs']
let put: StartedLogs['put']
let close: StartedLogs['close']

beforeEach(async () => {
  ;({ served, logs, put, close } = await startLogs())
})
afterEach(() => close())

describe('GetLogEvents', () => {
  test('reads forward page by page, and at the end gives the same token back until there is more', async () => {
    await put(...['a', 'b', 'c'].map((message, index) => line(now + index, message)))
    const first = await logs.getLogEvents({ ...stream, startFromHead: true, limit: 2 })
    const second = await logs.getLogEvents({ ...stream, nextToken: first.nextForwardToken, limit: 2 })
    const end = await logs.getLogEvents({ ...stream, nextToken: second.nextForwardToken, limit: 2 })
    expect([first, second, end].map(({ events }) => messages(events))).toEqual([['a', 'b'], ['c'], []])
    expect(end.nextForwardToken).toBe(second.nextForwardToken)
    await put(line(now + 3, 'd'))
    const more = await logs.getLogEvents({ ...stream, nextToken: end.nextForwardToken })
    expect(messages(more.events)).toEqual(['d'])
  })

  test('shows the newest first by default, and reads backward from there', async () => {
    await put(...['a', 'b', 'c'].map((message, index) => line(now + index, message)))
    const newest = await logs.getLogEvents({ ...stream, limit: 2 })
    const older = await logs.getLogEvents({ ...stream, nextToken: newest.nextBackwardToken, limit: 2 })
    const head = await logs.getLogEvents({ ...stream, nextToken: older.nextBackwardToken, limit: 2 })
    expect([newest, older, head].map(({ events }) => messages(events))).toEqual([['b', 'c'], ['a'], []])
    expect(head.nextBackwardToken).toBe(older.nextBackwardToken)
    const back = await logs.getLogEvents({ ...stream, nextToken: head.nextForwardToken })
    expect(messages(back.events)).toEqual(['a', 'b', 'c'])
  })

  test('a token from an empty stream finds what comes later', async () => {
    const { nextForwardToken } = await logs.getLogEvents({ ...stream, startFromHead: true })
    await put(line(now, 'a'))
    expect(messages((await logs.getLogEvents({ ...stream, nextToken: nextForwardToken })).events)).toEqual([
      'a',
    ])
  })

  test('orders by time what came out of order, and keeps the order of one millisecond', async () => {
    await put(line(now, 'c'), line(now, 'd'))
    await put(line(now - 1, 'a'), line(now - 1, 'b'))
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('takes a range whose end is exclusive', async () => {
    await put(...['a', 'b', 'c'].map((message, index) => line(now + index, message)))
    const { events } = await logs.getLogEvents({ ...stream, startTime: now + 1, endTime: now + 2 })
    expect(events).toEqual([{ timestamp: now + 1, message: 'b', ingestionTime: now }])
  })

  test('puts no more than a megabyte on a page', async () => {
    for (const message of ['a', 'b', 'c']) await put(line(now, message.repeat(500_000)))
    const first = await logs.getLogEvents({ ...stream, startFromHead: true })
    expect(first.events).toHaveLength(2)
    const second = await logs.getLogEvents({ ...stream, nextToken: first.nextForwardToken })
    expect(second.events).toHaveLength(1)
  })

  test('refuses a token it did not give', async () => {
    await expect(logs.getLogEvents({ ...stream, nextToken: 'f/1' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    })
  })
})

describe('FilterLogEvents', () => {
  beforeEach(async () => {
    for (const name of ['a/1', 'a/2', 'b/1']) {
      await logs.createLogStream({ logGroupName: 'group', logStreamName: name })
    }
    const write = (logStreamName: string, ...logEvents: InputLogEvent[]) =>
      logs.putLogEvents({ logGroupName: 'group', logStreamName, logEvents })
    await write('a/1', line(now, 'INFO one'), line(now + 3, 'ERROR four'))
    await write('a/2', line(now + 1, 'ERROR two'))
    await write('b/1', line(now + 2, 'INFO three'))
  })

  test.each<[object, string[]]>([
    [{}, ['INFO one', 'ERROR two', 'INFO three', 'ERROR four']],
    [{ logStreamNamePrefix: 'a/' }, ['INFO one', 'ERROR two', 'ERROR four']],
    [{ logStreamNames: ['a/2', 'b/1'] }, ['ERROR two', 'INFO three']],
    [{ filterPattern: 'ERROR' }, ['ERROR two', 'ERROR four']],
    [{ startTime: now + 1, endTime: now + 2 }, ['ERROR two', 'INFO three']],
    [{ startTime: now, startFromHead: false }, ['ERROR four', 'INFO three', 'ERROR two', 'INFO one']],
  ])('%j', async (input, expected) => {
    expect(messages((await logs.filterLogEvents({ logGroupName: 'group', ...input })).events)).toEqual(
      expected,
    )
  })

  test('gives each event once over its pages, and no token at the end', async () => {
    const seen: (string | undefined)[] = []
    let nextToken: string | undefined
    let pages = 0
    do {
      const page = await logs.filterLogEvents({ logGroupName: 'group', limit: 1, nextToken })
      seen.push(...(page.events ?? []).map((event) => `${event.logStreamName} ${event.message}`))
      nextToken = page.nextToken
      pages += 1
    } while (nextToken)
    expect(seen).toEqual(['a/1 INFO one', 'a/2 ERROR two', 'b/1 INFO three', 'a/1 ERROR four'])
    expect(pages).toBe(4)
  })

  test('refuses a pattern that AWS refuses', async () => {
    await expect(
      logs.filterLogEvents({ logGroupName: 'group', filterPattern: '{ $.a }' }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })
})

test('a long stream is read to its end, page by page, after a restart too', async () => {
  const batch = Array.from({ length: 10_000 }, (_, index) => line(now, `line ${index}`))
  for (let count = 0; count < 3; count++) await put(...batch)
  await served.restart()
  let read = 0
  let token: string | undefined
  for (;;) {
    const page = await logs.getLogEvents({ ...stream, startFromHead: true, nextToken: token, limit: 1000 })
    read += page.events?.length ?? 0
    if (page.nextForwardToken === token) break
    token = page.nextForwardToken
  }
  expect(read).toBe(30_000)
})
