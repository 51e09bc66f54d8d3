import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudWatchLogs,
  type FilteredLogEvent,
  type InputLogEvent,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs'
import { createLogs } from '../../../lib/engine/logs'
import { clientConfig } from '../../support/engine'
import { type Served, serve } from '../support/serve'

const START = '2027-03-01T12:00:00.000Z'
const now = Date.parse(START)
const HOUR = 3_600_000
const DAY = 24 * HOUR

let served: Served<ReturnType<typeof createLogs>>
let logs: CloudWatchLogs

beforeEach(async () => {
  served = await serve(createLogs, { start: START })
  logs = new CloudWatchLogs({ ...clientConfig(served.endpoint), maxAttempts: 1 })
  await logs.createLogGroup({ logGroupName: 'group' })
  await logs.createLogStream({ logGroupName: 'group', logStreamName: 'stream' })
})

afterEach(async () => {
  logs.destroy()
  await served.close()
})

const stream = { logGroupName: 'group', logStreamName: 'stream' }
const line = (timestamp: number, message: string): InputLogEvent => ({ timestamp, message })
const put = (...logEvents: InputLogEvent[]) => logs.putLogEvents({ ...stream, logEvents })
const messages = (events: (OutputLogEvent | FilteredLogEvent)[] | undefined) =>
  events?.map((event) => event.message)

describe('log groups', () => {
  test('are listed by name with what was said of them', async () => {
    await logs.createLogGroup({
      logGroupName: '/slipstream/a',
      tags: { owner: 'me' },
      logGroupClass: 'STANDARD',
    })
    await logs.putRetentionPolicy({ logGroupName: '/slipstream/a', retentionInDays: 30 })
    const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: '/slip' })
    expect(logGroups).toEqual([
      expect.objectContaining({
        logGroupName: '/slipstream/a',
        creationTime: now,
        retentionInDays: 30,
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/slipstream/a:*',
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/slipstream/a',
        logGroupClass: 'STANDARD',
      }),
    ])
  })

  test('are paged', async () => {
    await logs.createLogGroup({ logGroupName: 'alpha' })
    await logs.createLogGroup({ logGroupName: 'beta' })
    const first = await logs.describeLogGroups({ limit: 2 })
    const second = await logs.describeLogGroups({ limit: 2, nextToken: first.nextToken })
    expect([first, second].map(({ logGroups }) => logGroups?.map((group) => group.logGroupName))).toEqual([
      ['alpha', 'beta'],
      ['group'],
    ])
    expect(second.nextToken).toBeUndefined()
  })

  test('exist once, and take their streams with them', async () => {
    await expect(logs.createLogGroup({ logGroupName: 'group' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    })
    await put(line(now, 'old'))
    await logs.deleteLogGroup({ logGroupName: 'group' })
    await expect(logs.deleteLogGroup({ logGroupName: 'group' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    })
    await logs.createLogGroup({ logGroupName: 'group' })
    expect((await logs.describeLogStreams({ logGroupName: 'group' })).logStreams).toEqual([])
  })

  test('take tags by name and by ARN, with and without its end', async () => {
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:group'
    await logs.tagResource({ resourceArn: arn, tags: { a: '1', b: '2' } })
    await logs.tagLogGroup({ logGroupName: 'group', tags: { c: '3' } })
    await logs.untagResource({ resourceArn: `${arn}:*`, tagKeys: ['a'] })
    expect((await logs.listTagsForResource({ resourceArn: `${arn}:*` })).tags).toEqual({ b: '2', c: '3' })
  })

  test('refuse a retention that AWS does not have', async () => {
    await expect(
      logs.putRetentionPolicy({ logGroupName: 'group', retentionInDays: 15 }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining("Value '15' at 'retentionInDays'"),
    })
  })

  test('show nothing that is older than their retention', async () => {
    await put(line(now - 2 * DAY, 'old'))
    await put(line(now, 'new'))
    await logs.putRetentionPolicy({ logGroupName: 'group', retentionInDays: 1 })
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['new'])
    expect(messages((await logs.filterLogEvents({ logGroupName: 'group' })).events)).toEqual(['new'])
    await logs.deleteRetentionPolicy({ logGroupName: 'group' })
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['old', 'new'])
  })
})

describe('log streams', () => {
  test('exist once, which is what the wrapper’s fence rests on', async () => {
    await expect(logs.createLogStream(stream)).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log stream already exists',
    })
  })

  test('take the names that Lambda and we give them, and no colon', async () => {
    const logStreamName = `demo/2027/03/01/[$LATEST]120000000-1-x${'y'.repeat(400)}`
    await logs.createLogStream({ logGroupName: 'group', logStreamName })
    await logs.putLogEvents({ logGroupName: 'group', logStreamName, logEvents: [line(now, 'x')] })
    expect(messages((await logs.getLogEvents({ logGroupName: 'group', logStreamName })).events)).toEqual([
      'x',
    ])
    await expect(logs.createLogStream({ logGroupName: 'group', logStreamName: 'a:b' })).rejects.toMatchObject(
      {
        name: 'InvalidParameterException',
      },
    )
  })

  test('are listed by name, by prefix, or by their last event', async () => {
    for (const [name, time] of [
      ['b', now - 5],
      ['a', now - 1],
      ['ab', now - 9],
    ] as const) {
      await logs.createLogStream({ logGroupName: 'group', logStreamName: name })
      await logs.putLogEvents({ logGroupName: 'group', logStreamName: name, logEvents: [line(time, 'x')] })
    }
    const names = async (input: object) =>
      (await logs.describeLogStreams({ logGroupName: 'group', ...input })).logStreams?.map(
        (s) => s.logStreamName,
      )
    expect(await names({})).toEqual(['a', 'ab', 'b', 'stream'])
    expect(await names({ logStreamNamePrefix: 'a' })).toEqual(['a', 'ab'])
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 2 })).toEqual(['a', 'b'])
  })

  test('are described with their times', async () => {
    await put(line(now - 10, 'first'), line(now - 5, 'last'))
    const { logStreams } = await logs.describeLogStreams({
      logGroupIdentifier: 'arn:aws:logs:us-east-1:000000000000:log-group:group:*',
    })
    expect(logStreams).toEqual([
      {
        logStreamName: 'stream',
        creationTime: now,
        firstEventTimestamp: now - 10,
        lastEventTimestamp: now - 5,
        lastIngestionTime: now,
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:group:log-stream:stream',
        storedBytes: 0,
      },
    ])
  })

  test('lose their events when deleted', async () => {
    await put(line(now, 'old'))
    await logs.deleteLogStream(stream)
    await expect(logs.getLogEvents(stream)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    })
    await logs.createLogStream(stream)
    expect((await logs.getLogEvents(stream)).events).toEqual([])
  })

  test('made again in the same millisecond give their events other ids', async () => {
    const idOf = async () => {
      await put(line(now, 'x'))
      return (await logs.filterLogEvents({ logGroupName: 'group' })).events?.[0]?.eventId
    }
    const before = await idOf()
    await logs.deleteLogStream(stream)
    await logs.createLogStream(stream)
    expect(await idOf()).not.toBe(before)
  })
})

describe('PutLogEvents', () => {
  test.each<[string, InputLogEvent[], string]>([
    ['no event', [], 'length greater than or equal to 1'],
    [
      '10,001 events',
      Array.from({ length: 10_001 }, () => line(now, 'x')),
      'length less than or equal to 10000',
    ],
    ['an empty message', [line(now, '')], "at 'logEvents.1.member.message'"],
    [
      'events out of order',
      [line(now, 'b'), line(now - 1, 'a')],
      'Log events in a single PutLogEvents request must be in chronological order.',
    ],
    [
      'more than 24 hours',
      [line(now - DAY - 1, 'a'), line(now, 'b')],
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ],
    [
      'an event of more than 1 MB',
      [line(now, 'x'.repeat(1_048_551))],
      'Log event too large: 1048577 bytes exceeds limit of 1048576',
    ],
    [
      'a batch of more than 1 MB',
      [line(now, 'ä'.repeat(262_144)), line(now, 'x'.repeat(524_300))],
      'Upload too large: 1048640 bytes exceeds limit of 1048576',
    ],
  ])('refuses %s', async (_, logEvents, message) => {
    await expect(put(...logEvents)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    })
    expect((await logs.getLogEvents(stream)).events).toEqual([])
  })

  test('takes a message of a megabyte', async () => {
    const message = 'x'.repeat(1_048_550)
    await put(line(now, message))
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual([message])
  })

  test('keeps what is valid and says what was too new', async () => {
    const result = await put(line(now, 'fine'), line(now + 2 * HOUR + 1, 'early'))
    expect(result.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 })
    expect(result.nextSequenceToken).toBeDefined()
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['fine'])
  })

  test('keeps what is valid and says what was too old or expired', async () => {
    const old = await put(line(now - 14 * DAY - 1, 'old'), line(now - 14 * DAY, 'fine'))
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 })
    await logs.putRetentionPolicy({ logGroupName: 'group', retentionInDays: 1 })
    const expired = await put(line(now - DAY - 1, 'gone'), line(now - DAY, 'kept'))
    expect(expired.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 })
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['kept'])
  })

  test('names what is missing', async () => {
    await expect(
      logs.putLogEvents({ ...stream, logStreamName: 'none', logEvents: [line(now, 'x')] }),
    ).rejects.toThrow('The specified log stream does not exist.')
    await expect(
      logs.putLogEvents({ ...stream, logGroupName: 'none', logEvents: [line(now, 'x')] }),
    ).rejects.toThrow('The specified log group does not exist.')
  })
})

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

describe('what is on disk', () => {
  test('survives a restart, with the same ids and tokens', async () => {
    await put(line(now, 'a'), line(now, 'b\nwith a line break'))
    const before = await logs.filterLogEvents({ logGroupName: 'group' })
    const { nextForwardToken } = await logs.getLogEvents(stream)
    await served.restart()
    expect((await logs.filterLogEvents({ logGroupName: 'group' })).events).toEqual(before.events)
    await put(line(now, 'c'))
    expect(messages((await logs.getLogEvents({ ...stream, nextToken: nextForwardToken })).events)).toEqual([
      'c',
    ])
  })

  test('loses only the half-written line of a kill, and goes on after it', async () => {
    await put(line(now, 'a'))
    const streams = join(served.dataDir, 'streams')
    const [file] = readdirSync(streams, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ndjson'),
    )
    appendFileSync(join(streams, file as string), '[17, 18, "hal')
    await served.restart()
    await put(line(now, 'b'))
    await served.restart()
    expect(messages((await logs.getLogEvents(stream)).events)).toEqual(['a', 'b'])
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

test('an operation that the engine does not have is named', async () => {
  const client = new CloudWatchLogs({
    ...clientConfig(served.endpoint),
    maxAttempts: 1,
    disableHostPrefix: true,
  })
  const logGroupIdentifiers = ['arn:aws:logs:us-east-1:000000000000:log-group:group']
  await expect(client.startLiveTail({ logGroupIdentifiers })).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('StartLiveTail'),
  })
  client.destroy()
})
