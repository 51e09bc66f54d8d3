import type { Message } from '../../../lib/core/message'
import { pauseTask } from '../../../lib/core/protocol/pause'
import { backfillOf } from '../../../lib/core/requests'
import { definitionOf, TASK, World } from '../../support/world'

const DAY = 86_400_000
const definition = definitionOf()
const run = '2026-01-05T10:00:00.000Z'

/** Delivers what was sent, each at its time, until `end` or until nothing of `kind` is left. */
function follow(world: World, kind: Message['kind'], end: number): void {
  for (;;) {
    const index = world.sent.findIndex(({ message }) => message.kind === kind)
    if (index < 0) return
    const [next] = world.sent.splice(index, 1)
    if (next === undefined || next.due > end) return
    world.now = Math.max(world.now, next.due)
    world.deliver(next.message)
  }
}

/** Of the last `minutes` minutes. */
function backfill(world: World, minutes: number): void {
  const { now } = world
  const stretch = { schedule: 'every 1 minute', timezone: 'UTC', from: now - minutes * 60_000, to: now }
  world.deliver(backfillOf({ task: TASK, definition }, stretch, { now, salt: 0 }))
}

test('a message that comes back at once and again is stopped, and stays so when it is redelivered', () => {
  const world = new World()
  // A fault: its time never comes, and it is sent again without a delay.
  let message: Message = { kind: 'retry', task: TASK, run, attempt: 2, notBefore: world.now + DAY }
  const hurry = () => {
    for (let hop = 0; hop < 1000; hop++) {
      world.deliver(message)
      message = world.sent.splice(0)[0]?.message as Message
      world.now += 50
    }
  }
  expect(hurry).toThrow('retry of load was sent again 21 times in 1 s and got no further')
  world.now += 30 * DAY
  expect(() => world.deliver(message)).toThrow('got no further')
})

test.each([
  ['a retry in a week', { kind: 'retry', task: TASK, run, attempt: 2 }, 7 * DAY],
  ['a deadline in a day', { kind: 'deadline', task: TASK, run, attempt: 1 }, DAY],
] as const)('%s is sent again every 15 minutes until then', (_, message, wait) => {
  const world = new World()
  const end = world.now + wait
  world.deliver({ ...message, notBefore: end })
  follow(world, message.kind, Number.POSITIVE_INFINITY)
  expect(world.now).toBeGreaterThanOrEqual(end)
})

test('a run that finds the waiting list full asks again for a month', () => {
  const world = new World()
  world.run(pauseTask(TASK, {}))
  for (let n = 0; n < 200; n++) {
    const waiting = new Date(Date.parse(run) + n * 1000).toISOString()
    const by = { task: TASK, run: waiting, scheduledAt: waiting, trigger: 'backfill' } as const
    world.deliver({ kind: 'run', ...by, definition })
  }
  const late = '2026-01-05T11:00:00.123Z'
  world.deliver({ kind: 'run', task: TASK, run: late, scheduledAt: late, trigger: 'manual', definition })
  const end = world.now + 30 * DAY
  follow(world, 'run', end)
  expect(world.now).toBeGreaterThan(end - 120_000)
  expect(world.record(late).status).toBe('QUEUED')
})

test('a backfill of a task that is paused for a month looks again and again, and goes on from where it stood', () => {
  const world = new World()
  world.run(pauseTask(TASK, {}))
  backfill(world, 200)
  world.deliverAll('run')
  const end = world.now + 30 * DAY
  follow(world, 'backfill', end)
  expect(world.now).toBeGreaterThan(end - 600_000)
  expect(world.lock.waiting).toHaveLength(50)
})

test('a chain that gets further is not counted: a thousand runs fail at once, one handing the slot to the next', () => {
  const world = new World()
  world.invokeResult = { outcome: 'refused', error: 'ResourceNotFoundException: gone' }
  backfill(world, 1000)
  const hops: number[] = []
  while (world.sent.length > 0) {
    const next = world.sent.shift()
    if (next === undefined || next.message.kind === 'deadline') continue
    world.now = Math.max(world.now, next.due)
    if (next.message.kind !== 'next') hops.push(next.message.hops?.count ?? 0)
    world.deliver(next.message)
  }
  expect(world.store.all('runs')).toHaveLength(1001)
  expect(Math.max(...hops)).toBeLessThan(5)
})
