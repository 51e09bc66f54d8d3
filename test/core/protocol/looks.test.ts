/** Runs whose task is due again within a minute share their deadline. */
import type { Message } from '../../../lib/core/message'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { repairTask } from '../../../lib/core/protocol/repair'
import { Crash, definitionOf, TASK, World } from '../../support/world'

const START = Date.parse('2026-01-05T10:00:00.000Z')
/** Start window, time-out of the function and grace, ms. */
const LIFE = 240_000
const SHARED = 900_000

/** A tick at its time, which the next one follows soon. */
function frequent(
  world: World,
  seconds: number,
  options: { by?: string; crashBefore?: number } = {},
): string {
  world.now = START + seconds * 1000
  const run = new Date(world.now).toISOString()
  const message: Message = {
    kind: 'tick',
    task: TASK,
    scheduledAt: run,
    definition: definitionOf({ every: 30 }),
  }
  world.deliver(message, options)
  return run
}

const sentKinds = (world: World) => world.sent.map(({ message }) => message.kind)

test('one look is under way for the runs of a quarter of an hour, and then the next', () => {
  const world = new World()
  for (let seconds = 0; seconds <= SHARED / 1000; seconds += 30) world.end(frequent(world, seconds))
  expect(world.sent.map(({ message }) => message)).toEqual([
    { kind: 'look', task: TASK, notBefore: START + LIFE + SHARED },
  ])
  const next = frequent(world, SHARED / 1000 + 30)
  expect(world.sent.map(({ message }) => message).slice(1)).toEqual([
    { kind: 'look', task: TASK, notBefore: Date.parse(next) + LIFE + SHARED },
  ])
})

test('a run that is not heard of again ends when the next tick finds its slot old', () => {
  const world = new World()
  const silent = frequent(world, 0)
  frequent(world, LIFE / 1000 - 30)
  world.deliverAll('deadline')
  expect(world.record(silent).status).toBe('RUNNING')
  frequent(world, LIFE / 1000)
  world.deliverAll('deadline')
  expect(world.record(silent)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
})

test('a run that is not heard of again, and no tick comes after it, ends by the look', () => {
  const world = new World()
  world.end(frequent(world, 0))
  const silent = frequent(world, 600)
  world.now = START + LIFE + SHARED - 1
  world.deliverAll('look', 'deadline')
  expect(world.record(silent).status).toBe('RUNNING')
  world.now += 1000
  world.deliverAll('look', 'deadline')
  expect(world.record(silent)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
  expect(world.lock.slots).toEqual({})
  expect(world.sent).toEqual([])
})

test('a look tells a run that was handed a slot and never heard of it', () => {
  const world = new World()
  const first = frequent(world, 0)
  const second = frequent(world, 30)
  world.end(first)
  expect(sentKinds(world)).toEqual(['look', 'next'])
  world.sent.pop()
  world.now = START + LIFE + SHARED
  world.deliverAll('look', 'next')
  expect(world.record(second).status).toBe('RUNNING')
})

test('a look that was not sent is not relied on', () => {
  const world = new World()
  // Grant, RUNNING, then the look.
  expect(() => frequent(world, 0, { by: 'same', crashBefore: 3 })).toThrow(Crash)
  expect(world.lock.looksAt).toBeUndefined()
  frequent(world, 0, { by: 'same' })
  expect(sentKinds(world)).toEqual(['look'])
  expect(world.lock.looksAt).toBe(START + LIFE + SHARED)
})

test('a task that is not due again soon has a deadline for each run', () => {
  const world = new World()
  for (const at of [0, 3600]) {
    world.now = START + at * 1000
    world.end(world.tick(at))
  }
  expect(sentKinds(world)).toEqual(['deadline', 'deadline'])
})

test('each further attempt has a deadline of its own', () => {
  const world = new World()
  const definition = definitionOf({ every: 30, retry: { attempts: 2, delay: 0, backoff: 1, maxDelay: 0 } })
  const run = new Date(START).toISOString()
  world.deliver({ kind: 'tick', task: TASK, scheduledAt: run, definition })
  world.end(run, { errors: 1, verdict: { rule: 'ERROR', line: 1, text: 'ERROR\tno' } })
  world.deliverAll('retry')
  expect(world.record(run)).toMatchObject({ status: 'RUNNING', attempt: 2 })
  expect(sentKinds(world)).toEqual(['look', 'deadline'])
})

test('after a repair no run relies on a look that may be lost', () => {
  const world = new World()
  world.end(frequent(world, 0))
  world.sent.splice(0)
  world.run(repairTask(world.context(), TASK, [] as RunRecord[]))
  frequent(world, 30)
  expect(sentKinds(world)).toEqual(['look'])
})
