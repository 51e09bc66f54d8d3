/** What the search found (lib/simulate), each as the shortest history that showed it. */
import { formatRecord } from '../../../lib/core/log-record'
import { cancelRun } from '../../../lib/core/protocol/cancel'
import { onMessage } from '../../../lib/core/protocol/dispatch'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { definitionOf, endRecord, TASK, World } from '../../support/world'

const operator = definitionOf({ target: 'operator' })
const tick = (run: string, definition = definitionOf()) =>
  ({ kind: 'tick', task: TASK, scheduledAt: run, definition }) as const

test('a tick that comes again too late gives back the slot that it took before it died', () => {
  const world = new World()
  const definition = definitionOf({ startWithin: 30 })
  const run = new Date(world.now).toISOString()
  expect(() => world.deliver(tick(run, definition), { by: 'same', crashBefore: 3 })).toThrow()
  expect(world.lock.slots).toHaveProperty([run])
  world.now += 60_000
  world.deliver(tick(run, definition), { by: 'same' })
  expect(world.record(run)).toMatchObject({ status: 'SKIPPED', reason: 'too-late' })
  expect(world.lock.slots).toEqual({})
})

test('an old slot is noticed where all ticks come too late', () => {
  const world = new World()
  const run = world.tick(0)
  world.sent.splice(0)
  world.now += 20 * 60_000
  world.tick(600, definitionOf({ startWithin: 30 }))
  world.deliverAll('deadline')
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
})

test('a tick that comes a third time too late takes no slot for a run that has ended', () => {
  const world = new World()
  const definition = definitionOf({ startWithin: 30 })
  world.tick(0)
  const run = new Date(world.now).toISOString()
  world.end(run)
  const late = new Date(world.now + 1000).toISOString()
  world.now += 60_000
  world.deliver(tick(late, definition))
  const { v } = world.lock
  world.deliver(tick(late, definition))
  expect(world.lock).toMatchObject({ slots: {}, v })
})

test('a forged record of the wrapper in the stream of an operator target is a line like any other', () => {
  const world = new World()
  const run = world.tick(0, operator)
  world.log(run, endRecord({}))
  expect(world.record(run).status).toBe('RUNNING')
  world.log(run, endRecord({}), 'ERROR    t root boom')
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'log-rule' })
})

test('a forged error record does not mark a run of an operator target', () => {
  const world = new World()
  const run = world.tick(0, operator)
  world.log(run, formatRecord({ slipstream: 'error', verdict: { rule: 'boom', line: 1, text: 'forged' } }))
  expect(world.record(run).verdict).toBeUndefined()
  world.log(run, 'End Request')
  expect(world.record(run).status).toBe('SUCCEEDED')
})

test('an ERROR of an operator target that comes after its End Request is a late error', () => {
  const world = new World()
  const run = world.tick(0, operator)
  world.log(run, 'End Request')
  expect(world.record(run).status).toBe('SUCCEEDED')
  world.log(run, 'ERROR    t root too late')
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'late-error', verdict: { line: 2 } })
})

test('an invoke that is refused does not end the attempt that the same message has started meanwhile', () => {
  const world = new World()
  const run = new Date(world.now).toISOString()
  const first = onMessage(world.context('same'), tick(run))
  let next = first.next()
  while (!next.done && next.value.do !== 'invoke') next = first.next(world.perform(next.value))

  world.deliver(tick(run), { by: 'same' })
  expect(world.invoked).toHaveLength(1)
  world.startBody(run)

  next = first.next({ outcome: 'refused', error: 'no such function' })
  while (!next.done) next = first.next(world.perform(next.value))
  expect(world.record(run).status).toBe('RUNNING')
  world.end(run)
  expect(world.record(run).status).toBe('SUCCEEDED')
})

test('an old slot beside a free one is noticed by the next tick', () => {
  const world = new World()
  const definition = definitionOf({ concurrency: 3 })
  const run = world.tick(0, definition)
  // Its deadline is dead-lettered.
  world.sent.splice(0)
  world.now += 20 * 60_000
  world.tick(20 * 60, definition)
  world.deliverAll('deadline')
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
  expect(world.lock.slots).not.toHaveProperty([run])
})

test('the slot of a run of which nothing else is known goes to whoever waits, as the task allows', () => {
  const world = new World()
  const definition = definitionOf({ concurrency: 2 })
  expect(() => world.tick(0, definition, { crashBefore: 3 })).toThrow()
  const second = world.tick(30, definition)
  world.now += 20 * 60_000
  const third = world.tick(20 * 60, definition)
  expect(world.lock.waiting).toEqual([third])
  world.deliverAll('deadline', 'next')
  expect(world.record(second).status).not.toBe('QUEUED')
  expect(world.record(third).status).toBe('RUNNING')
})

test('a log group that was deleted does not prove that a body is dead', () => {
  const world = new World()
  const run = world.tick(0)
  world.startBody(run)
  const step = cancelRun(world.context(), TASK, run, 'ann')
  let next = step.next()
  while (!next.done)
    next = step.next(
      next.value.do === 'createStream'
        ? 'no-group'
        : next.value.do === 'readStream'
          ? []
          : world.perform(next.value),
    )
  expect(next.value).toBe('when-it-ends')
  expect(world.record(run)).toMatchObject({ status: 'RUNNING', cancel: 'ann' })
})

test('a tick that backfill asked for starts as backfill, and never too late, whichever message starts it', () => {
  const world = new World()
  const definition = definitionOf({ startWithin: 30 })
  const holder = world.tick(-60)
  const run = new Date(world.now - 600_000).toISOString()
  world.deliver({
    kind: 'run',
    task: TASK,
    run,
    scheduledAt: run,
    trigger: 'backfill',
    definition: definitionOf(),
  })
  expect(world.record(run).status).toBe('QUEUED')
  world.end(holder)
  // The slot is its own now; before `next` comes the schedule's own, late message.
  world.deliver(tick(run, definition))
  expect(world.record(run) satisfies RunRecord).toMatchObject({ status: 'RUNNING', trigger: 'backfill' })
})

test('an attempt that Lambda did not accept within its start window ends when its message comes again', () => {
  const world = new World()
  world.invokeResult = { outcome: 'throttled' }
  const run = new Date(world.now).toISOString()
  expect(() => world.deliver(tick(run), { by: 'same' })).toThrow('throttled')
  world.now += 121_000
  world.deliver(tick(run), { by: 'same' })
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'not-started' })
  expect(world.lock.slots).toEqual({})
  expect(world.streams.get(world.record(run).logStream ?? '')).toEqual([
    expect.stringContaining('Never started'),
  ])
})

test('an attempt that has begun is not ended by its message, which comes again after the start window', () => {
  const world = new World()
  const run = new Date(world.now).toISOString()
  world.deliver(tick(run), { by: 'same' })
  world.startBody(run)
  world.now += 121_000
  world.deliver(tick(run), { by: 'same' })
  expect(world.record(run).status).toBe('RUNNING')
})

test('a slot that was filled for a run that has ended is given back where who filled it died and found one for itself', () => {
  const world = new World()
  const [, second] = [0, 30].map((at) => world.tick(at)) as [string, string]
  const cancel = cancelRun(world.context(), TASK, second, 'ann')
  world.run(cancel)
  world.now += 120_000
  const wide = definitionOf({ concurrency: 3 })
  const manual = { kind: 'run', task: TASK, run: '2026-01-05T10:01:00.007Z', trigger: 'manual' } as const
  const message = { ...manual, scheduledAt: manual.run, definition: wide }
  // A grant that is refused, the look that is sent before, the hand-over; not the telling.
  expect(() => world.deliver(message, { by: 'same', crashBefore: 4 })).toThrow()
  expect(Object.keys(world.lock.slots)).toContain(second)
  world.deliver(message, { by: 'same' })
  expect(world.record(manual.run).status).toBe('RUNNING')
  world.now += 60_000
  world.deliverAll('deadline')
  expect(Object.keys(world.lock.slots)).not.toContain(second)
})
