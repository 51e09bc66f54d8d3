import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { clientConfig } from '../../support/engine'
import { DAY, line, messages, now, type StartedLogs, startLogs, stream } from './support'

let served: StartedLogs['served']
let logs: StartedLogs['logs']
let put: StartedLogs['put']
let close: StartedLogs['close']

beforeEach(async () => {
  ;({ served, logs, put, close } = await startLogs())
})
afterEach(() => close())

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
