import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { formatRecord } from '../../lib/core/log-record'
import { namesOf } from '../../lib/core/names'
import type { Item } from '../../lib/core/protocol/effect'
import type { RunRecord } from '../../lib/core/protocol/record'
import { neverDispatched } from '../../lib/core/protocol/record-writes'
import type { Report } from '../../lib/core/protocol/report'
import { definitionOf, PREFIX } from '../support/world'
import { DEEP, hostileWorld, mutated, SECRET } from './support'

const { logGroup } = namesOf(PREFIX)
const NOW = `${new Date().toISOString().slice(0, 19)}.000Z`
const TARGETS = ['wrapped', 'operator', 'plain'] as const

const world = hostileWorld()
afterAll(() => jest.restoreAllMocks())

type Records = Record<(typeof TARGETS)[number], RunRecord>
type State = { records: Records; items: Item[] }

/** A run of each kind of target, all alive, and one that was never dispatched: its record has no definition. */
async function running(): Promise<State> {
  world.reset()
  const { store, logs } = world.ports
  logs.group(logGroup)
  const tick = (target: string) => ({
    kind: 'tick',
    task: target,
    scheduledAt: NOW,
    definition: definitionOf({ target: target as 'wrapped' }),
    payload: { password: SECRET },
  })
  await world.dispatch(TARGETS.map((target) => JSON.stringify(tick(target))))
  store.apply(neverDispatched({ task: 'never', run: NOW }, Date.now()))
  store.changed.clear()
  const recordOf = (task: string) => store.get('runs', { task, run: NOW }) as RunRecord
  return {
    items: itemsOf(),
    records: { wrapped: recordOf('wrapped'), operator: recordOf('operator'), plain: recordOf('plain') },
  }
}

const itemsOf = () => [...world.ports.store.all('runs'), ...world.ports.store.all('locks')]

/** Gives `value` to the checker while every run is alive, and expects it to touch one task at most. */
async function checkAlive(state: State, value: unknown, pack: (value: unknown) => unknown): Promise<State> {
  const { store } = world.ports
  await world.check(pack(value))
  const tasks = new Set([...store.changed].map((key) => key.split(' ')[0]))
  expect(tasks.size).toBeLessThanOrEqual(1)
  expect(store.refused.splice(0)).toEqual([])
  expect(world.logged.splice(0).join('\n')).not.toContain(SECRET)
  return store.changed.size > 0 ? running() : state
}

/** The names of streams have a random part, so they are written as `stream of TARGET` until they are known. */
const streamOf = (target: string) => `stream of ${target}`
const NEVER = `never/${NOW.slice(0, 10).replaceAll('-', '/')}/[$LATEST]${NOW.slice(11, 23).replace(/\D/g, '')}-1-x`
function named(value: unknown, { records }: State): unknown {
  const text = TARGETS.reduce(
    (so, target) => so.replaceAll(streamOf(target), records[target].logStream as string),
    JSON.stringify(value) ?? 'null',
  )
  return JSON.parse(text.replaceAll(streamOf('never'), NEVER))
}

/** No item has changed: a write puts a new one in its place. */
function expectUntouched(items: readonly Item[]): void {
  expect(itemsOf()).toEqual(items)
}

const ERROR = formatRecord({ slipstream: 'error', verdict: { rule: 'ERROR', line: 1, text: 'ERROR\tno' } })
const END = formatRecord({ slipstream: 'end', requestId: 'r', at: NOW, outcome: 'returned', errors: 0 })
const THREW = END.replace('returned', 'threw')

const delivery = (logStream: string, lines: readonly string[] = [END]) => ({
  messageType: 'DATA_MESSAGE',
  owner: '000000000000',
  logGroup,
  logStream,
  subscriptionFilters: ['filter'],
  logEvents: lines.map((message, index) => ({ id: String(index), timestamp: 0, message })),
})
const packed = (value: unknown) => ({
  awslogs: {
    data: gzipSync(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), { level: 1 }).toString(
      'base64',
    ),
  },
})

describe('a subscription', () => {
  test('that is no delivery of ours changes nothing, throws nothing and is not quoted in the log', async () => {
    const { items, records } = await running()
    const stream = records.wrapped.logStream as string
    const control = { ...delivery(stream), messageType: 'CONTROL_MESSAGE' }
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '), { level: 1 })
    const events: unknown[] = [
      undefined,
      null,
      SECRET,
      5,
      [],
      {},
      { [SECRET]: SECRET },
      { awslogs: null },
      { awslogs: { data: 5 } },
      { awslogs: { data: SECRET } },
      { awslogs: { data: '' } },
      { awslogs: { data: gzipSync('{}').toString('base64').slice(0, -8) } },
      { awslogs: { data: bomb.toString('base64') } },
      packed(SECRET),
      packed(DEEP),
      packed('null'),
      packed('[]'),
      packed(control),
      packed({ ...delivery(stream), logEvents: undefined }),
      packed({ ...delivery(stream), logEvents: [{ message: 5 }] }),
      packed({ ...delivery(stream), logEvents: { length: 1e9 } }),
      packed({ ...delivery(stream), logGroup: '/slipstream/another-dev' }),
      packed({ ...delivery(stream), logGroup: [logGroup] }),
    ]
    for (const event of events) await expect(world.check(event)).resolves.toBeUndefined()
    expectUntouched(items)
    expect(world.logged.join('\n')).not.toContain(SECRET)
  })

  test('of a stream that is not an attempt of ours to the letter changes nothing', async () => {
    const { items, records } = await running()
    const stream = records.wrapped.logStream as string
    const edits = fc
      .tuple(
        fc.nat(stream.length),
        fc.nat(2),
        fc.string({ unit: fc.constantFrom(...'/[]-.019az\n\0é '), maxLength: 3 }),
      )
      .map(([at, gone, text]) => stream.slice(0, at) + text + stream.slice(at + gone))
      .filter((other) => other !== stream)
    const lookAlikes = fc.constantFrom(
      `${PREFIX}/${stream}`,
      `other-dev/${stream}`,
      stream.replace('wrapped/', 'operator/'),
      stream.replace(/-1-(\w+)$/, '-2-$1'),
      stream.replace(/-1-(\w+)$/, `-${'9'.repeat(400)}-$1`),
      stream.replace(/-1-(\w+)$/, '-0-$1'),
      stream.toUpperCase(),
      `${stream}\n`,
      '__proto__',
    )
    const lines = fc.array(fc.constantFrom(END, ERROR, THREW, 'End Request', 'ERROR   t root no'), {
      minLength: 1,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(edits, lookAlikes, fc.string({ unit: 'binary' })),
        lines,
        async (other, given) => {
          await world.check(packed(delivery(other, given)))
        },
      ),
      { numRuns: 8000 },
    )
    expectUntouched(items)
    expect(world.logged).toEqual([])
  })

  test.each([END, ERROR, THREW])('that is genuine changes its run: %s', async (line) => {
    const { items, records } = await running()
    await world.check(packed(delivery(records.wrapped.logStream as string, [line])))
    expect(itemsOf()).not.toEqual(items)
  })

  test('of mutated parts throws nothing, changes one task at most, and writes what a store takes', async () => {
    const stream = fc.constantFrom(...[...TARGETS, 'never'].map(streamOf))
    const record = mutated(fc.constantFrom(ERROR, END, THREW).map((text) => JSON.parse(text))).map(
      (value) => JSON.stringify(value) ?? '',
    )
    const line = fc.oneof(
      record,
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom(END, ERROR, THREW, 'End Request', 'ERROR no', `ERROR ${'🙂'.repeat(600)}`),
    )
    const whole = fc
      .tuple(stream, fc.array(line, { minLength: 1, maxLength: 5 }))
      .map((it) => delivery(...it))
    let state = await running()
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: whole }, mutated(whole)), async (given) => {
        state = await checkAlive(state, named(given, state), packed)
      }),
      { numRuns: 4000 },
    )
  })
})

describe("a report of Lambda's", () => {
  const reportOf = (record: RunRecord, changes: Partial<Report> = {}): Report => ({
    requestContext: { requestId: 'r', condition: 'RetriesExhausted' },
    requestPayload: payloadOf(record),
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'no' },
    ...changes,
  })
  const payloadOf = ({ task, run, attempt = 1, logStream = '', until = 0 }: RunRecord) => ({
    password: SECRET,
    group_name: logGroup,
    stream_name: logStream,
    slipstream: {
      task,
      run,
      attempt,
      scheduledAt: run,
      trigger: 'schedule',
      target: task,
      startBy: until,
      until,
      timeout: 60,
      failOn: ['ERROR'],
      except: [],
    },
  })

  test('that speaks of another task, run, attempt or stream than its payload had changes nothing', async () => {
    const { items, records } = await running()
    const { wrapped, operator, plain } = records
    const forged = [wrapped, operator, plain].flatMap((record) => {
      const payload = payloadOf(record)
      const { slipstream } = payload
      return [
        { ...payload, stream_name: `${record.logStream}x` },
        { ...payload, slipstream: { ...slipstream, attempt: 2 } },
        { ...payload, slipstream: { ...slipstream, run: '2026-01-05T10:00:00.000Z' } },
        { ...payload, slipstream: { ...slipstream, task: record === plain ? 'wrapped' : 'plain' } },
        { ...payload, slipstream: { ...slipstream, task: '' } },
        { ...payload, slipstream: { ...slipstream, task: '__proto__' } },
      ]
    })
    for (const requestPayload of forged) {
      await world.check(reportOf(wrapped, { requestPayload }))
      await world.check(
        reportOf(wrapped, { requestPayload, requestContext: { requestId: 'r', condition: 'Success' } }),
      )
    }
    expectUntouched(items)
  })

  test.each(TARGETS)('that is genuine changes the run of a target that is %s', async (target) => {
    const { items, records } = await running()
    await world.check(reportOf(records[target]))
    expect(itemsOf()).not.toEqual(items)
  })

  test('of mutated parts throws nothing, changes one task at most, and writes what a store takes', async () => {
    let state = await running()
    const report = fc
      .constantFrom(...TARGETS)
      .map((target) => reportOf({ ...state.records[target], logStream: streamOf(target) }))
    const long = fc.constantFrom('x'.repeat(500_000), '🙂'.repeat(600), '\ud83d', '')
    const words = fc
      .tuple(
        report,
        long,
        fc.constantFrom('constructor', '__proto__', 'EventAgeExceeded', 'Success'),
        fc.boolean(),
      )
      .map(([one, errorMessage, condition, ran]) => ({
        ...one,
        requestContext: { requestId: 'r', condition },
        responsePayload: { errorType: 'Runtime.ExitError', errorMessage },
        ...(ran ? {} : { responseContext: {} }),
      }))
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 20, arbitrary: mutated(report) }, words), async (given) => {
        state = await checkAlive(state, named(given, state), (value) => value)
      }),
      { numRuns: 6000 },
    )
  })
})

test('a verdict that could not be written is logged with its attempt, and comes again', async () => {
  const { records } = await running()
  const { logStream = '' } = records.wrapped
  world.ports.store.write = async () => {
    throw Object.assign(new Error('no capacity'), { $response: SECRET })
  }
  await expect(world.check(packed(delivery(logStream)))).rejects.toThrow('no capacity')
  expect(world.logged.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'not judged',
      task: 'wrapped',
      run: NOW,
      attempt: 1,
      logStream,
    }),
  ])
  expect(world.logged.join('\n')).not.toContain(SECRET)
})
