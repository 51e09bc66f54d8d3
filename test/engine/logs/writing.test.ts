import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs'
import { DAY, HOUR, line, messages, now, type StartedLogs, startLogs, stream } from './support'

let served: StartedLogs['served']
let logs: StartedLogs['logs']
let put: StartedLogs['put']
let close: StartedLogs['close']

beforeEach(async () => {
  ;({ served, logs, put, close } = await startLogs())
})
afterEach(() => close())

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
