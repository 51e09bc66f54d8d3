import { EventWriter } from '../../lib/wrapper/event-writer'
import { awsError, FakeLogs } from './fake-logs'

const at = { group: 'g', stream: 's' }

async function writer() {
  const logs = new FakeLogs()
  await logs.createStream(at)
  return { logs, events: new EventWriter({ logs, at, until: Date.now() + 60_000 }) }
}

test('what is added in one go is one batch, though the first of it asked to be written at once', async () => {
  const { logs, events } = await writer()
  events.add('one')
  events.flushSoon()
  events.add('two')
  await events.flush()
  expect(logs.puts.map((batch) => batch.map(({ message }) => message))).toEqual([['one', 'two']])
})

test('many events go in batches that CloudWatch takes, the last of them with nobody asking again', async () => {
  const { logs, events } = await writer()
  const messages = Array.from({ length: 25_000 }, (_, i) => `event ${i}`)
  for (const message of messages) events.add(message)
  await events.flush()
  expect(logs.messages()).toEqual(messages)
  expect(logs.puts).toHaveLength(3)
})

test('what is added while a batch is on its way goes with the next', async () => {
  const { logs, events } = await writer()
  events.add('one')
  const first = events.flush()
  await null
  expect(events.batches).toBe(1)
  events.add('two')
  await Promise.all([first, events.end()])
  expect(events.batches).toBe(2)
  expect(logs.puts.map((batch) => batch.map(({ message }) => message))).toEqual([['one'], ['two']])
})

test('the time of an event never goes back, though the clock does', async () => {
  const { logs, events } = await writer()
  const now = Date.now()
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 500)
  events.add('one')
  clock.mockReturnValue(now - 500)
  events.add('two')
  clock.mockRestore()
  await events.end()
  const times = logs.streams.get('s')?.events.map((event) => event.timestamp)
  expect(times).toEqual([now + 500, now + 500])
})

test('events are in the stream within a flush interval, though nobody asks', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  try {
    const { logs, events } = await writer()
    events.add('early')
    jest.advanceTimersByTime(1000)
    await logs.saw(/early/)
  } finally {
    jest.useRealTimers()
  }
})

test('it knows how much waits, counted as CloudWatch counts it', async () => {
  const { events } = await writer()
  events.add('one')
  events.add('é')
  expect(events.waiting).toBe(3 + 26 + 2 + 26)
  await events.end()
  expect(events.waiting).toBe(0)
})

test('an event that cannot be written is told of by who waits, then and at the end', async () => {
  const { logs, events } = await writer()
  logs.faults.push({
    call: 'putEvents',
    when: 'before',
    error: awsError('AccessDeniedException', 400),
  })
  events.add('one')
  events.flushSoon()
  await expect(events.flush()).rejects.toThrow('AccessDeniedException')
  events.add('two')
  await expect(events.end()).rejects.toThrow('AccessDeniedException')
  expect(logs.puts).toEqual([])
})
