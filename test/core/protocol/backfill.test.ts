import type { BackfillMessage, Message } from '../../../lib/core/message'
import { pauseTask, resumeTask } from '../../../lib/core/protocol/pause'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { backfillOf } from '../../../lib/core/requests'
import { Prng } from '../../../lib/simulate/prng'
import { Crash, definitionOf, TASK, World } from '../../support/world'

const MINUTE = 60_000
const definition = definitionOf()

/** The `count` minutes before the world's beginning. */
function minutesOf(
  world: World,
  count: number,
  options: { rerun?: boolean; definition?: ReturnType<typeof definitionOf>; salt?: number } = {},
): BackfillMessage {
  const { definition: its = definition, salt = 0, ...stretch } = options
  return backfillOf(
    { task: TASK, definition: its, payload: { max: 6 } },
    {
      schedule: 'every 1 minute',
      timezone: 'UTC',
      from: world.now - count * MINUTE,
      to: world.now - MINUTE,
      ...stretch,
    },
    { now: world.now, salt, triggeredBy: 'ann' },
  )
}

const records = (world: World) =>
  (world.store.all('runs') as RunRecord[]).sort((a, b) => (a.run < b.run ? -1 : 1))

/** Lets everything happen that is due, each body ending well at once, and moves the clock on while messages wait. */
function settle(world: World, seen: (world: World) => void = () => {}): void {
  for (let steps = 0; ; steps++) {
    if (steps > 20_000) throw new Error('it does not come to rest')
    world.deliverAll('backfill', 'next', 'tick', 'retry')
    seen(world)
    const holders = Object.keys(world.lock.slots).map((run) => world.record(run))
    const running = holders.find(({ status }) => status === 'RUNNING')
    if (running) world.end(running.run)
    else {
      // A holder that nobody told of its slot has its deadline to thank; else these are of attempts that are over.
      const untold = holders.length > 0
      const waiting = world.sent.filter(({ message }) => untold || message.kind !== 'deadline')
      if (waiting.length === 0) return
      world.now = Math.max(world.now, Math.min(...waiting.map(({ due }) => due)))
      if (untold) world.deliverAll('deadline')
    }
  }
}

test('runs every tick of a stretch of the past, in order, with the key that the tick has', () => {
  const world = new World()
  world.deliver(minutesOf(world, 3))
  settle(world)
  const runs = ['09:57', '09:58', '09:59'].map((time) => `2026-01-05T${time}:00.000Z`)
  expect(records(world).map(({ run }) => run)).toEqual(runs)
  for (const run of runs)
    expect(world.record(run)).toMatchObject({
      status: 'SUCCEEDED',
      trigger: 'backfill',
      triggeredBy: 'ann',
      scheduledAt: run,
    })
  expect(world.invoked.map(({ payload }) => payload.slipstream.run)).toEqual(runs)
  expect(world.invoked[0]?.payload).toMatchObject({ max: 6, slipstream: { trigger: 'backfill' } })
})

test('of ten thousand ticks keeps few waiting and few on the queue, and runs them all', () => {
  const world = new World()
  world.deliver(minutesOf(world, 10_000, { definition: definitionOf({ concurrency: 20 }) }))
  let waiting = 0
  let onQueue = 0
  settle(world, ({ lock, sent }) => {
    waiting = Math.max(waiting, lock.waiting.length)
    onQueue = Math.max(onQueue, sent.filter(({ message }) => message.kind !== 'deadline').length)
    // Deadlines of attempts that are over would make the world slow.
    world.sent.splice(0, world.sent.length, ...sent.filter(({ message }) => message.kind !== 'deadline'))
  })
  expect(records(world)).toHaveLength(10_000)
  expect(records(world).every(({ status }) => status === 'SUCCEEDED')).toBe(true)
  expect(waiting).toBeLessThanOrEqual(70)
  expect(onQueue).toBeLessThanOrEqual(100)
})

test('where the store is slow, takes no more ticks than its handler has time for, and goes on with the others', () => {
  const world = new World()
  const apply = world.store.apply.bind(world.store)
  const slow = jest.spyOn(world.store, 'apply').mockImplementation((write) => {
    world.now += 1000
    return apply(write)
  })
  const began = world.now
  world.deliver(minutesOf(world, 20))
  expect(world.now - began).toBeLessThanOrEqual(5000)
  slow.mockRestore()
  const waiting = records(world).map(({ run }) => run)
  expect(world.sent.filter(({ message }) => message.kind === 'backfill')).toMatchObject([
    { message: { cursor: waiting.at(-1) }, delaySeconds: 0 },
  ])
  settle(world)
  expect(records(world).map(({ status }) => status)).toEqual(Array(20).fill('SUCCEEDED'))
})

test('however slow the store is, each message takes one tick', () => {
  const world = new World()
  const get = world.store.get.bind(world.store)
  jest.spyOn(world.store, 'get').mockImplementationOnce((...key) => {
    world.now += 60_000
    return get(...key)
  })
  world.deliver(minutesOf(world, 5))
  expect(records(world)).toHaveLength(1)
  settle(world)
  expect(records(world).map(({ status }) => status)).toEqual(Array(5).fill('SUCCEEDED'))
})

test('leaves a tick alone that has a record', () => {
  const world = new World()
  const ran = world.tick(-60)
  world.end(ran, { errors: 1, verdict: { rule: 'ERROR', line: 1, text: 'ERROR' } })
  world.deliver(minutesOf(world, 2))
  settle(world)
  expect(records(world)).toHaveLength(2)
  expect(world.record(ran)).toMatchObject({ status: 'FAILED', trigger: 'schedule' })
})

test('leaves a tick to the schedule that becomes due while it goes on', () => {
  const world = new World()
  const message = minutesOf(world, 1)
  world.deliver({ ...message, to: new Date(world.now + 60 * MINUTE).toISOString() })
  settle(world)
  expect(records(world).map(({ run }) => run)).toEqual([
    '2026-01-05T09:59:00.000Z',
    '2026-01-05T10:00:00.000Z',
  ])
})

test('of one that was lost on its way, the next one runs what was left behind', () => {
  const world = new World()
  // Both records are written, and the list is not.
  expect(() => world.deliver(minutesOf(world, 2, { salt: 1 }), { crashBefore: 4 })).toThrow(Crash)
  expect(records(world).map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED'])
  expect(world.lock).toMatchObject({ slots: {}, waiting: [] })
  world.deliver(minutesOf(world, 3, { salt: 2 }))
  settle(world)
  expect(records(world).map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'))
})

test('asks for a slot for all of them at once: one write of the lock, and none for each', () => {
  const world = new World()
  world.deliver(minutesOf(world, 20))
  expect(world.lock).toMatchObject({ v: 1, waiting: { length: 19 } })
})

test('a run that waits costs four writes and the one that it shares with all others', () => {
  const world = new World()
  world.deliver(minutesOf(world, 20))
  const writes = jest.spyOn(world.store, 'apply')
  settle(world)
  // QUEUED is written by now. RUNNING, its end, and the hand-over of its slot.
  expect(writes).toHaveBeenCalledTimes(20 * 3)
})

describe('with rerun', () => {
  test('a tick that was run already gets a run of its own, and what has no record its first', () => {
    const world = new World()
    const ran = world.tick(-60)
    world.end(ran)
    world.deliver(minutesOf(world, 2, { rerun: true }))
    settle(world)
    expect(records(world)).toMatchObject([
      { run: '2026-01-05T09:58:00.000Z', trigger: 'backfill' },
      { run: ran, trigger: 'schedule' },
      { run: '2026-01-05T09:59:00.001Z', trigger: 'rerun', rerunOf: ran, scheduledAt: ran },
    ])
  })

  test('a second backfill runs it once more', () => {
    const world = new World()
    for (const salt of [1, 2]) {
      world.deliver(minutesOf(world, 1, { rerun: true, salt }))
      settle(world)
    }
    world.deliver(minutesOf(world, 1, { rerun: true, salt: 3 }))
    settle(world)
    expect(records(world).map(({ run, trigger }) => [run.slice(-4), trigger])).toEqual([
      ['000Z', 'backfill'],
      ['001Z', 'rerun'],
      ['002Z', 'rerun'],
    ])
  })

  test('a tick whose run is not over yet is left alone', () => {
    const world = new World()
    world.tick(-60)
    world.deliver(minutesOf(world, 1, { rerun: true }))
    expect(records(world)).toHaveLength(1)
    expect(world.lock.waiting).toEqual([])
  })
})

describe.each([false, true])('that comes twice (rerun: %s)', (rerun) => {
  test.each(['at once', 'after all is done'])('%s runs every tick once', (when) => {
    const world = new World()
    world.end(world.tick(-120))
    const message = minutesOf(world, 5, { rerun })
    world.deliver(message, { by: 'same' })
    if (when === 'after all is done') settle(world)
    world.deliver(message, { by: 'same' })
    settle(world)
    expect(records(world)).toHaveLength(rerun ? 6 : 5)
    expect(world.invoked).toHaveLength(rerun ? 6 : 5)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'after it died before its effect %i runs every tick once',
    (crashBefore) => {
      const world = new World()
      world.end(world.tick(-120))
      const message = minutesOf(world, 3, { rerun })
      try {
        world.deliver(message, { by: 'same', crashBefore })
      } catch {}
      world.deliver(message, { by: 'same' })
      settle(world)
      expect(
        records(world)
          .map(({ trigger }) => trigger)
          .sort(),
      ).toEqual(rerun ? ['backfill', 'backfill', 'rerun', 'schedule'] : ['backfill', 'backfill', 'schedule'])
      expect(records(world).every(({ status }) => status === 'SUCCEEDED')).toBe(true)
    },
  )
})

describe.each([false, true])('whatever dies, comes twice or in another order (rerun: %s)', (rerun) => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('every tick is run once, seed %i', (seed) => {
    const world = new World()
    const prng = new Prng(seed)
    // More than one message takes.
    const ticks = 40
    const its = definitionOf({
      concurrency: prng.between(1, 3),
      overlap: prng.pick(['queue', 'latest', 'skip']),
    })
    const ran = world.tick(-3 * 60, its)
    world.end(ran)
    world.sent.push({ message: minutesOf(world, ticks, { rerun, definition: its }), delaySeconds: 0, due: 0 })

    const deliver = (message: Message, by: string) => {
      try {
        world.deliver(message, { by, ...(prng.chance(0.3) ? { crashBefore: prng.between(1, 12) } : {}) })
      } catch (error) {
        if (!(error instanceof Crash)) throw error
        deliver(message, by)
      }
    }
    for (let id = 0; world.sent.length > 0; id++) {
      const [next] = world.sent.splice(prng.below(world.sent.length), 1)
      if (next === undefined) break
      world.now = Math.max(world.now, next.due)
      if (prng.chance(0.2)) world.sent.push(next)
      deliver(next.message, `message-${seed}-${id}`)
      const running = records(world).filter(({ status }) => status === 'RUNNING')
      if (running.length > 0 && prng.chance(0.5)) world.end(prng.pick(running).run)
    }
    const done = records(world)
    // Time leaps to what is due, so a body may not end in time; but it had its turn.
    for (const { status } of done) expect(['SUCCEEDED', 'FAILED']).toContain(status)
    expect(done.filter(({ trigger }) => trigger === 'backfill')).toHaveLength(ticks - 1)
    expect(done.filter(({ trigger }) => trigger === 'rerun')).toHaveLength(rerun ? 1 : 0)
    expect(world.lock).toMatchObject({ slots: {}, waiting: [] })
  })
})

describe('the policies of the task', () => {
  test('overlap: latest never displaces a backfilled tick, not even by its own late message', () => {
    const world = new World()
    const latest = definitionOf({ overlap: 'latest' })
    world.tick(-3600, latest)
    world.deliver(minutesOf(world, 3, { definition: latest }))
    world.tick(0, latest)
    world.tick(-120, latest)
    settle(world)
    expect(records(world).map(({ status }) => status)).toEqual(Array(5).fill('SUCCEEDED'))
  })

  test('overlap: latest does not skip one whose admission died, when the late message of its tick comes', () => {
    const world = new World()
    const latest = definitionOf({ overlap: 'latest' })
    world.tick(-3600, latest)
    const message = minutesOf(world, 1, { definition: latest })
    // Between the record and the waiting list.
    expect(() => world.deliver(message, { by: 'same', crashBefore: 3 })).toThrow()
    const run = '2026-01-05T09:59:00.000Z'
    expect(world.record(run).status).toBe('QUEUED')
    world.tick(-60, latest)
    world.deliver(message, { by: 'same' })
    settle(world)
    expect(world.record(run)).toMatchObject({ status: 'SUCCEEDED', trigger: 'backfill' })
  })

  test('overlap: skip lets it wait', () => {
    const world = new World()
    world.tick(-3600)
    world.deliver(minutesOf(world, 2, { definition: definitionOf({ overlap: 'skip' }) }))
    settle(world)
    expect(records(world).map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'))
  })

  test('startWithin does not count, not even for the late message of a tick that it took', () => {
    const world = new World()
    const soon = definitionOf({ startWithin: 30 })
    world.tick(0, soon)
    world.deliver(minutesOf(world, 2, { definition: soon }))
    world.end('2026-01-05T10:00:00.000Z')
    world.tick(-120, soon)
    settle(world)
    expect(records(world).map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'))
  })

  test('while the task is paused its runs wait, and so does the rest of the backfill', () => {
    const world = new World()
    world.run(pauseTask(TASK, { reason: 'holiday' }))
    world.deliver(minutesOf(world, 200))
    for (let look = 0; look < 100; look++) {
      world.deliverAll('backfill')
      world.now += 5 * MINUTE
    }
    expect(world.invoked).toHaveLength(0)
    expect(world.lock.waiting).toHaveLength(50)
    world.run(resumeTask(world.context(), TASK, definition))
    settle(world)
    expect(records(world)).toHaveLength(200)
    expect(records(world).every(({ status }) => status === 'SUCCEEDED')).toBe(true)
  })

  test('a pause that ends by itself is over though the schedule is off and no tick comes by', () => {
    const world = new World()
    world.run(pauseTask(TASK, { until: world.now + 60 * MINUTE }))
    world.deliver(minutesOf(world, 200))
    settle(world)
    expect(records(world).every(({ status }) => status === 'SUCCEEDED')).toBe(true)
    expect(records(world)).toHaveLength(200)
  })

  test('the present has its turn: a backfill stands back while something later waits', () => {
    const world = new World()
    world.deliver(minutesOf(world, 150))
    world.deliverAll('next')
    const fresh = world.tick(60)
    for (let ended = 0; world.record(fresh).status === 'QUEUED'; ended++) {
      expect(ended).toBeLessThanOrEqual(51)
      world.now += 10_000
      world.end(Object.keys(world.lock.slots)[0] as string)
      world.deliverAll('backfill', 'next')
    }
    world.end(fresh)
    settle(world)
    expect(records(world)).toHaveLength(151)
  })
})

describe('while the schedule is off and no tick comes by', () => {
  const full = (world: World) => {
    for (let n = 0; n < 60; n++) {
      const run = new Date(world.now - 86_400_000 + n * 1000 + 7).toISOString()
      const by = { task: TASK, run, scheduledAt: run, trigger: 'manual' } as const
      world.deliver({ kind: 'run', ...by, definition })
    }
  }

  test('it sees that a pause is over which ended by itself, though it has no room in the list', () => {
    const world = new World()
    world.run(pauseTask(TASK, { until: world.now + 60 * MINUTE }))
    full(world)
    world.deliver(minutesOf(world, 3))
    settle(world)
    expect(records(world)).toHaveLength(63)
    expect(records(world).every(({ status }) => status === 'SUCCEEDED')).toBe(true)
  })

  test('it sees a slot whose deadline was lost', () => {
    const world = new World()
    world.tick(0)
    world.sent.splice(0)
    full(world)
    world.deliver(minutesOf(world, 3))
    world.now += 60 * MINUTE
    world.deliverAll('backfill', 'deadline')
    expect(world.record('2026-01-05T10:00:00.000Z').status).toBe('FAILED')
  })
})

describe('what it cannot carry out', () => {
  test.each([
    ['no schedule', { schedule: 'every now and then' }, 'must be "every N seconds'],
    ['no time zone', { timezone: 'Mars/Olympus' }, 'timezone must be the name of an IANA time zone'],
  ])('%s is refused by name', (_, changes, message) => {
    const world = new World()
    expect(() => world.deliver({ ...minutesOf(world, 1), ...changes } as Message)).toThrow(message)
  })

  test('a tick that was run 100 times is refused, however often it comes, and what it made before that runs', () => {
    const world = new World()
    const full = world.now - MINUTE
    world.deliver(minutesOf(world, 1))
    settle(world)
    const { run: _, ...ended } = world.record(new Date(full).toISOString())
    for (let taken = 1; taken < 100; taken++)
      world.store.apply({
        table: 'runs',
        key: { task: TASK, run: new Date(full + taken).toISOString() },
        set: Object.entries(ended).map(([name, value]) => [[name], value]),
        when: { op: 'absent', path: ['task'] },
      })
    const message = minutesOf(world, 3, { rerun: true, salt: 1 })
    for (let count = 0; count < 2; count++) {
      expect(() => world.deliver(message, { by: 'same' })).toThrow(
        'the tick 2026-01-05T09:59:00.000Z was run 100 times; sls tasks rerun',
      )
      settle(world)
    }
    const made = records(world).filter(({ backfill }) => backfill === message.backfill)
    expect(made.map(({ run, status }) => `${run} ${status}`)).toEqual([
      '2026-01-05T09:57:00.000Z SUCCEEDED',
      '2026-01-05T09:58:00.000Z SUCCEEDED',
    ])
  })
})

test.each([
  ['rate(90 minutes)', 'UTC', ['06:30', '08:00', '09:30']],
  ['cron(30 9 * * ? *)', 'Europe/Berlin', ['08:30']],
  ['at(2026-01-05T09:00:00)', 'UTC', ['09:00']],
])('%s has the ticks of its kind', (schedule, timezone, times) => {
  const world = new World()
  const stretch = { schedule, timezone, from: Date.parse('2026-01-05T06:30:00Z'), to: world.now }
  world.deliver(backfillOf({ task: TASK, definition }, stretch, { now: world.now, salt: 0 }))
  settle(world)
  expect(records(world).map(({ run }) => run)).toEqual(times.map((time) => `2026-01-05T${time}:00.000Z`))
})
