/** Whatever is dead-lettered, at whichever of its steps, is healed by the task's next tick or stays visible. */
import { onLogBatch } from '../../../lib/core/protocol/log-batch'
import { isEnded, type RunRecord } from '../../../lib/core/protocol/record'
import { repairTask } from '../../../lib/core/protocol/repair'
import { Crash, definitionOf, endRecord, TASK, World } from '../../support/world'

const SLOT_IS_OLD = 20 * 60_000
const FIRST = '2026-01-05T10:00:00.000Z'
const LAST = '2026-01-05T10:00:30.000Z'
const retry = { attempts: 2, delay: 30, backoff: 2, maxDelay: 3600 }
const definition = definitionOf({ retry })
const frequent = { definition: { ...definition, every: 30 } }

/** Dies before an effect, for the last time: its message is not delivered any more. False where it has fewer effects. */
function dies(act: () => void): boolean {
  try {
    act()
    return false
  } catch (error) {
    if (error instanceof Crash) return true
    throw error
  }
}

const stateOf = (world: World, run: string) => world.store.get('runs', { task: TASK, run })?.['status']

/** The task is due again, long after; all that is sent arrives, and what starts ends. */
function goOn(world: World): void {
  const tick = new Date(world.now + SLOT_IS_OLD).toISOString()
  world.now += SLOT_IS_OLD
  world.deliver({ kind: 'tick', task: TASK, scheduledAt: tick, definition })
  for (let times = 0; times < 10; times++) {
    world.deliverAll('tick', 'next', 'retry', 'deadline', 'look')
    for (const { run, status } of world.store.all('runs') as RunRecord[])
      if (run > LAST && status === 'RUNNING') world.end(run)
    world.now += 240_000
  }
}

function repair(world: World): void {
  const unfinished = (world.store.all('runs') as RunRecord[]).filter((record) => !isEnded(record))
  world.run(repairTask(world.context(), TASK, unfinished))
}

/** Runs `scene`, whose last step dies before its effect `n`, for every `n`; and says what became of the first run. */
function forEachStep(
  scene: (world: World, crashBefore: number) => void,
  see: (world: World, n: number) => void,
) {
  let n = 1
  for (; n < 30; n++) {
    const world = new World()
    if (!dies(() => scene(world, n))) break
    see(world, n)
  }
  expect(n).toBeGreaterThan(1)
}

/** The next tick gets it on to its end, and all that came after it. (Its own bodies are never heard of.) */
function isHealed(world: World, run = FIRST): void {
  goOn(world)
  expect(stateOf(world, run)).toMatch(/FAILED|TIMED_OUT/)
  expect(world.lock.slots).toEqual({})
  expect(world.lock.waiting).toEqual([])
  for (const record of world.store.all('runs')) expect(isEnded(record as RunRecord)).toBe(true)
}

test('a tick before its slot leaves nothing behind, and is started when it is sent again', () => {
  for (const n of [1, 2]) {
    const world = new World()
    expect(dies(() => world.tick(0, definition, { crashBefore: n }))).toBe(true)
    goOn(world)
    expect(stateOf(world, FIRST)).toBeUndefined()
    world.tick(0, definition)
    expect(stateOf(world, FIRST)).toBe('RUNNING')
  }
})

test.each([
  ['with a deadline of its own', {}],
  ['that shares its deadline', frequent],
])('a tick %s, after its slot, is healed by the next', (_, more) => {
  forEachStep(
    (world, crashBefore) => {
      const message = { kind: 'tick', task: TASK, scheduledAt: FIRST, definition, ...more } as const
      world.deliver(message, { crashBefore })
    },
    (world, n) => n > 2 && isHealed(world),
  )
})

test('a tick that waits, but has not joined the list, stays QUEUED until it is sent again', () => {
  const world = new World()
  world.tick(0, definition)
  expect(dies(() => world.tick(30, definition, { crashBefore: 3 }))).toBe(true)
  world.end(FIRST)
  goOn(world)
  expect(stateOf(world, LAST)).toBe('QUEUED')
  world.tick(30, definition)
  world.deliverAll('next')
  expect(stateOf(world, LAST)).toBe('RUNNING')
})

test('`next`, at any of its steps, is healed by the next tick', () => {
  forEachStep(
    (world, crashBefore) => {
      world.tick(0, definition)
      world.tick(30, definition)
      world.end(FIRST)
      world.sent.splice(0)
      world.deliver({ kind: 'next', task: TASK, run: LAST }, { crashBefore })
    },
    (world) => isHealed(world, LAST),
  )
})

test('`retry`, at any of its steps, is healed by the next tick', () => {
  forEachStep(
    (world, crashBefore) => {
      world.tick(0, definition)
      world.end(FIRST, { outcome: 'threw' })
      world.sent.splice(0)
      world.now += 60_000
      world.deliver({ kind: 'retry', task: TASK, run: FIRST, attempt: 2, notBefore: 0 }, { crashBefore })
    },
    (world) => isHealed(world),
  )
})

test.each(['deadline', 'look'] as const)('`%s`, at any of its steps, is healed by the next tick', (kind) => {
  forEachStep(
    (world, crashBefore) => {
      world.tick(0, definition)
      world.sent.splice(0)
      world.now += SLOT_IS_OLD
      const message =
        kind === 'look'
          ? ({ kind, task: TASK, notBefore: 0 } as const)
          : ({ kind, task: TASK, run: FIRST, attempt: 1, notBefore: 0 } as const)
      world.deliver(message, { crashBefore })
    },
    (world) => isHealed(world),
  )
})

test.each([
  ['an end', {}, 'SUCCEEDED'],
  ['an end that fails', { outcome: 'threw' }, 'FAILED'],
] as const)(
  'a batch of the log with %s, at any of its steps, is made good by the deadline',
  (_, end, status) => {
    forEachStep(
      (world, crashBefore) => {
        const once = definitionOf()
        world.tick(0, once)
        world.tick(30, once)
        const stream = world.startBody(FIRST)
        const line = endRecord(end)
        world.streams.get(stream)?.push(line)
        const batch = { logGroup: once.logGroup, logStream: stream, lines: [line] }
        world.run(onLogBatch(world.context(), batch), crashBefore)
      },
      (world) => {
        world.now += SLOT_IS_OLD
        world.deliverAll('deadline', 'next')
        expect(stateOf(world, FIRST)).toBe(status)
        expect(Object.keys(world.lock.slots)).toEqual([LAST])
      },
    )
  },
)

test("Lambda's report, at any of its steps, is made good by the deadline", () => {
  forEachStep(
    (world, crashBefore) => {
      world.tick(0, definitionOf())
      const { payload } = world.invoked[0] as (typeof world.invoked)[number]
      world.startBody(FIRST)
      world.report(
        {
          requestContext: { requestId: `request-${FIRST}`, condition: 'RetriesExhausted' },
          requestPayload: payload,
          responseContext: { functionError: 'Unhandled' },
          responsePayload: { errorType: 'Runtime.ExitError' },
        },
        crashBefore,
      )
    },
    (world) => {
      world.now += SLOT_IS_OLD
      world.deliverAll('deadline')
      expect(stateOf(world, FIRST)).toBe('FAILED')
      expect(world.lock.slots).toEqual({})
    },
  )
})

const backfill = {
  kind: 'backfill',
  task: TASK,
  backfill: '2026-01-05T10:00:00.123Z',
  schedule: 'every 1 minute',
  timezone: 'UTC',
  from: '2026-01-05T09:00:00.000Z',
  to: '2026-01-05T09:02:00.000Z',
  definition,
} as const

test('a backfill admits what it had not, when it is sent again, and nothing twice', () => {
  forEachStep(
    (world, crashBefore) => world.deliver(backfill, { crashBefore }),
    (world) => {
      world.deliver(backfill)
      // Where who gave the slot died before it told: somebody looks a minute later.
      world.now += 60_000
      world.deliverAll('deadline', 'next')
      expect(world.store.all('runs').map(({ status }) => status)).toEqual(['RUNNING', 'QUEUED', 'QUEUED'])
    },
  )
})

test.each([
  ['that never ran', () => {}],
  [
    'whose slot is taken',
    (world: World) => {
      world.end(world.tick(-3600, definition))
      world.tick(0, definition)
    },
  ],
])('of a backfill of a task %s, repair lets those join that were written down', (_, before) => {
  forEachStep(
    (world, crashBefore) => {
      before(world)
      world.deliver({ ...backfill, definition: { ...definition, overlap: 'skip' } }, { crashBefore })
    },
    (world) => {
      const written = world.store.all('runs').length
      world.sent.splice(0)
      for (let times = 0; times < written + 1; times++) {
        repair(world)
        for (const { run, status } of world.store.all('runs') as RunRecord[])
          if (status === 'RUNNING') world.end(run)
        world.deliverAll('run', 'next', 'deadline')
      }
      expect(world.lock).toMatchObject({ slots: {}, waiting: [] })
      const records = world.store.all('runs')
      expect(records.map(({ status }) => status)).toEqual(Array(written).fill('SUCCEEDED'))
    },
  )
})

test('where no tick follows, as of a task that is due once, repair does what it would', () => {
  forEachStep(
    (world, crashBefore) => world.tick(0, definition, { crashBefore }),
    (world, n) => {
      if (n < 3) return
      for (let times = 0; times < 4; times++) {
        world.now += SLOT_IS_OLD
        repair(world)
        world.deliverAll('next', 'retry', 'deadline')
      }
      expect(stateOf(world, FIRST)).toBe('FAILED')
      expect(world.lock.slots).toEqual({})
    },
  )
})
