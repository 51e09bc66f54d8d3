import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CloudWatchLogs } from '../../lib/aws/cloudwatch-logs'
import { startEngine } from '../../lib/engine/server'
import type { Logs } from '../../lib/ports/ports'
import { clientConfig, temporaryFolder } from '../support/engine'
import { MemoryLogs } from '../support/memory'

const GROUPS = ['/slipstream/contract-test', '/team/reports'] as const
const [GROUP, OTHER] = GROUPS
const NAME = 'load/2027/03/01/[$LATEST]120000000-1-'

type Opened = {
  logs: Logs
  /** As a target does that writes many lines at once. */
  write(logStream: string, lines: readonly string[]): Promise<void>
  close(): Promise<void>
}

async function inMemory(): Promise<Opened> {
  const logs = new MemoryLogs()
  for (const group of GROUPS) logs.group(group)
  return {
    logs,
    write: async (logStream, lines) => {
      for (const line of lines) logs.put({ logGroup: GROUP, logStream }, line)
    },
    close: async () => {},
  }
}

async function atTheEngine(): Promise<Opened> {
  const folder = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: folder.path })
  const client = new CloudWatchLogsClient(clientConfig(engine.endpoint))
  for (const logGroupName of GROUPS) await client.send(new CreateLogGroupCommand({ logGroupName }))
  return {
    logs: new CloudWatchLogs(client, Date.now),
    write: async (logStreamName, lines) => {
      for (let from = 0; from < lines.length; from += 5000) {
        const timestamp = Date.now()
        const logEvents = lines.slice(from, from + 5000).map((message) => ({ timestamp, message }))
        await client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName, logEvents }))
      }
    },
    close: async () => {
      client.destroy()
      await engine.close()
      folder.remove()
    },
  }
}

test('pages of CloudWatch Logs that are empty before the end are read over', async () => {
  const pages = [['a', 'b'], [], [], ['c'], []]
  const asked: unknown[] = []
  const send = async ({ input }: GetLogEventsCommand) => {
    asked.push(input.nextToken)
    const at = Number(input.nextToken ?? 0)
    const last = at === pages.length - 1
    return {
      events: (pages[at] ?? []).map((message) => ({ timestamp: 0, message })),
      // At the end the same token comes back (API reference, GetLogEvents).
      nextForwardToken: String(last ? at : at + 1),
    }
  }
  const logs = new CloudWatchLogs({ send } as unknown as CloudWatchLogsClient, Date.now)
  const lines = await logs.readStream({ logGroup: GROUP, logStream: NAME }, 'head', 10)
  expect(lines.map(({ message }) => message)).toEqual(['a', 'b', 'c'])
  expect(asked).toEqual([undefined, '1', '2', '3', '4'])
})

describe.each<[string, () => Promise<Opened>]>([
  ['in memory', inMemory],
  ['CloudWatch Logs at the engine', atTheEngine],
])('logs %s', (_, open) => {
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened.close())

  let count = 0
  const newStream = (logGroup: string = GROUP) => ({ logGroup, logStream: `${NAME}${++count}` })
  const read = async (stream: ReturnType<typeof newStream>, from: 'head' | 'tail', limit: number) =>
    (await opened.logs.readStream(stream, from, limit)).map(({ message }) => message)

  test('give a stream to whoever comes first', async () => {
    const stream = newStream()
    const answers = await Promise.all(Array.from({ length: 5 }, () => opened.logs.createStream(stream)))
    expect(answers.sort()).toEqual(['created', 'exists', 'exists', 'exists', 'exists'])
  })

  test('tell two streams of one name in two groups apart', async () => {
    const stream = newStream()
    expect(await opened.logs.createStream(stream)).toBe('created')
    expect(await opened.logs.createStream({ ...stream, logGroup: OTHER })).toBe('created')
    await opened.logs.putLine(stream, 'here')
    expect(await read({ ...stream, logGroup: OTHER }, 'head', 10)).toEqual([])
  })

  test('say where there is no group', async () => {
    const stream = newStream('/slipstream/gone')
    expect(await opened.logs.createStream(stream)).toBe('no-group')
    expect(await read(stream, 'head', 10)).toEqual([])
    await expect(opened.logs.putLine(stream, 'lost')).rejects.toThrow()
  })

  test('have no lines where there is no stream, and take none', async () => {
    const stream = newStream()
    expect(await read(stream, 'head', 10)).toEqual([])
    expect(await read(stream, 'tail', 10)).toEqual([])
    await expect(opened.logs.putLine(stream, 'lost')).rejects.toThrow()
  })

  test('have no lines in a stream that was only created', async () => {
    const stream = newStream()
    await opened.logs.createStream(stream)
    expect(await read(stream, 'head', 10)).toEqual([])
    expect(await read(stream, 'tail', 10)).toEqual([])
  })

  test('keep lines in the order in which they were put, whatever is in them', async () => {
    const stream = newStream()
    await opened.logs.createStream(stream)
    const lines = [
      'first',
      '{"slipstream":"start"}',
      'a\nb\tc',
      'naïve 🙂',
      '\0',
      ' ',
      'x'.repeat(200_000),
      'last',
    ]
    for (const line of lines) await opened.logs.putLine(stream, line)
    expect(await read(stream, 'head', 100)).toEqual(lines)
    expect(await read(stream, 'tail', 100)).toEqual(lines)
  })

  test('are read from either end, oldest first, over the borders of pages', async () => {
    const stream = newStream()
    await opened.logs.createStream(stream)
    const lines = Array.from({ length: 10_500 }, (_, index) => `line ${index}`)
    await opened.write(stream.logStream, lines)
    expect(await read(stream, 'head', 1)).toEqual(['line 0'])
    expect(await read(stream, 'tail', 3)).toEqual(['line 10497', 'line 10498', 'line 10499'])
    expect(await read(stream, 'head', 10_000)).toEqual(lines.slice(0, 10_000))
    expect(await read(stream, 'tail', 10_000)).toEqual(lines.slice(-10_000))
  })

  test('are read whole where a page holds fewer lines than were asked for', async () => {
    const stream = newStream()
    await opened.logs.createStream(stream)
    // A page holds at most 1 MB (API reference, GetLogEvents).
    const lines = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(100_000)}`)
    for (let from = 0; from < lines.length; from += 8)
      await opened.write(stream.logStream, lines.slice(from, from + 8))
    expect(await read(stream, 'head', 10_000)).toEqual(lines)
    expect(await read(stream, 'tail', 30)).toEqual(lines.slice(-30))
  })
})
