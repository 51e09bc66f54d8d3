/** What the first version of this package wrote, kept as it was, in the hands of this one. */
import { parseRecord } from '../../../lib/core/log-record'
import { type Message, readMessage } from '../../../lib/core/message'
import type { Write } from '../../../lib/core/protocol/effect'
import type { RunRecord } from '../../../lib/core/protocol/record'
import logRecords from '../../fixtures/version-1/log-records.json'
import messages from '../../fixtures/version-1/messages.json'
import tables from '../../fixtures/version-1/tables.json'
import { TASK, World } from '../../support/world'

const [ended, retrying, running, begun, queued, manual] = tables.runs as unknown as RunRecord[] as [
  RunRecord,
  RunRecord,
  RunRecord,
  RunRecord,
  RunRecord,
  RunRecord,
]
const old = (kind: keyof typeof messages) => readMessage(JSON.stringify(messages[kind]))

/** The tables as they were, three slots taken and two runs waiting. */
function asItWas(): World {
  const world = new World()
  const put = (table: Write['table'], { task, run, ...rest }: Record<string, unknown>) =>
    world.store.apply({
      table,
      key: { task: String(task), ...(run === undefined ? {} : { run: String(run) }) },
      when: { op: 'absent', path: ['task'] },
      set: Object.entries(rest).map(([name, value]) => [
        [name],
        name === 'waiting' ? new Set(value as string[]) : value,
      ]),
    })
  for (const record of tables.runs) put('runs', record)
  for (const lock of tables.locks) put('locks', lock)
  return world
}

function receive(world: World, message: Message): void {
  world.deliver(message, { by: 'old' })
}

describe('a message of the first version', () => {
  test.each(Object.keys(messages) as (keyof typeof messages)[])(
    '%s is read, and so is one with more in it',
    (kind) => {
      const message = old(kind)
      const more = { ...messages[kind], v: 1, more: { than: 'known' } }
      expect(readMessage(JSON.stringify(more))).toEqual(message)
    },
  )

  test('starts its run where nothing is kept', () => {
    const world = new World()
    receive(world, old('tick'))
    expect(world.record('2026-01-05T10:03:00.000Z')).toMatchObject({ status: 'RUNNING', attempt: 1 })
    expect(world.invoked[0]?.payload).toMatchObject({ max: 6 })
  })

  test('waits behind those that the first version let wait', () => {
    const world = asItWas()
    for (const kind of ['tick', 'run'] as const) receive(world, old(kind))
    expect(world.lock.waiting).toEqual([
      queued.run,
      manual.run,
      '2026-01-05T10:03:00.000Z',
      '2026-01-05T10:03:10.123Z',
    ])
  })

  test('unfolds, backfills, and looks at the holders', () => {
    const fresh = new World()
    for (const kind of ['unfolded', 'backfill'] as const) receive(fresh, old(kind))
    expect(fresh.sent.map(({ message }) => message.kind)).toEqual([
      ...['tick', 'tick'],
      ...['deadline', 'deadline', 'next', 'next'],
    ])
    const world = asItWas()
    world.now += 3_600_000
    receive(world, old('look'))
    expect(world.sent.map(({ message }) => message.kind)).toEqual(['deadline', 'deadline', 'deadline'])
  })
})

describe('a message of a version to come', () => {
  test('is refused with what to do, and lies in the dead-letter queue until that is done', () => {
    const message = JSON.stringify({ ...messages.tick, v: 2, definition: 'elsewhere' })
    expect(() => readMessage(message)).toThrow(
      'of format 2, not 1: deploy the service with the newer serverless-slipstream, then redrive the dead-letter queue',
    )
    expect(() => readMessage(JSON.stringify({ ...messages.next, v: 'secret' }))).toThrow('of format ?, not 1')
  })
})

describe('runs and locks of the first version', () => {
  test('a run that waits starts when a slot comes free', () => {
    const world = asItWas()
    world.end(running.run)
    world.deliverAll('next')
    expect(world.record(running.run).status).toBe('SUCCEEDED')
    expect(world.record(queued.run)).toMatchObject({ status: 'RUNNING', attempt: 1 })
  })

  test('a run that was handed a slot before the upgrade starts by the message of then', () => {
    const world = asItWas()
    world.end(running.run)
    world.sent.splice(0)
    receive(world, old('next'))
    expect(world.record(queued.run).status).toBe('RUNNING')
  })

  test('a run that retries is tried again, once', () => {
    const world = asItWas()
    world.now += 60_000
    for (let times = 0; times < 2; times++) receive(world, old('retry'))
    expect(world.record(retrying.run)).toMatchObject({ status: 'RUNNING', attempt: 2 })
    expect(new Set(world.invoked.map(({ payload }) => payload.stream_name)).size).toBe(1)
    world.end(retrying.run)
    expect(world.record(retrying.run)).toMatchObject({
      status: 'SUCCEEDED',
      attempts: [{ outcome: 'log-rule' }, { outcome: 'SUCCEEDED' }],
    })
  })

  test('a run whose end nobody heard of is settled by its deadline', () => {
    const world = asItWas()
    const { logStream = '' } = running
    world.streams.set(logStream, [logRecords.start, logRecords.returned])
    world.now += 3_600_000
    receive(world, old('deadline'))
    expect(world.record(running.run).status).toBe('SUCCEEDED')
  })

  test('a run that has ended stays as it is', () => {
    const world = asItWas()
    world.deliver({ ...(old('tick') as Message & { kind: 'tick' }), scheduledAt: ended.run })
    expect(world.record(ended.run)).toEqual(ended)
  })

  test('a lock that does not say as of when its task is known takes the word of whoever comes', () => {
    const world = asItWas()
    const { definition } = old('tick') as Message & { kind: 'tick' }
    for (const { run } of [running, begun, retrying]) world.end(run)
    world.deliver({
      kind: 'tick',
      task: TASK,
      scheduledAt: '2026-01-05T10:05:00Z',
      definition: { ...definition, concurrency: 5 },
    })
    expect(world.lock).toMatchObject({ concurrency: 5, asOf: Date.parse('2026-01-05T10:05:00Z') })
  })
})

describe('what a wrapper wrote', () => {
  test.each([
    ['returned', { status: 'SUCCEEDED' }],
    ['counted', { status: 'RETRYING', reason: 'log-rule' }],
    ['threw', { status: 'RETRYING', reason: 'error', error: 'Error: no' }],
  ] as const)('of the first version: %s', (end, expected) => {
    const world = asItWas()
    world.log(running.run, logRecords.start, logRecords[end])
    expect(world.record(running.run)).toMatchObject(expected)
  })

  test('of the first version: its own time-out, by the report of an owner whose start record says little', () => {
    const world = asItWas()
    const { logStream = '', logGroup } = running
    world.streams.set(logStream, [logRecords.start, logRecords.timedOut])
    world.report({
      requestContext: { requestId: 'request', condition: 'RetriesExhausted' },
      timestamp: '2026-01-05T10:02:00.000Z',
      requestPayload: {
        group_name: logGroup,
        stream_name: logStream,
        slipstream: {
          ...running,
          startBy: 0,
          until: 0,
          target: 'wrapped',
          timeout: 1,
          failOn: [],
          except: [],
        },
      },
      responseContext: { functionError: 'Unhandled' },
    })
    expect(world.record(running.run)).toMatchObject({ status: 'RETRYING', reason: 'timed-out' })
  })

  test('of a version to come, with an end that this one does not know, is never taken for a success', () => {
    const world = asItWas()
    const unknown = logRecords.returned.replace('"returned"', '"evaporated"')
    expect(parseRecord(unknown)).toBeUndefined()
    world.log(running.run, logRecords.start, unknown)
    expect(world.record(running.run).status).toBe('RUNNING')
    world.now += 3_600_000
    receive(world, old('deadline'))
    expect(world.record(running.run)).toMatchObject({ status: 'RETRYING', reason: 'lost-end' })
  })

  test('of a version to come, with more in it, counts as ever', () => {
    const world = asItWas()
    const more = logRecords.returned
      .replace('{', '{"more":true,')
      .replace('{"more":true,"slipstream":"end"', '{"slipstream":"end","more":true')
    world.log(running.run, logRecords.start, more)
    expect(world.record(running.run).status).toBe('SUCCEEDED')
  })
})
