import type { CancelOutcome } from '../../../lib/core/protocol/cancel'
import { cancelRun } from '../../../lib/core/protocol/cancel'
import type { Step } from '../../../lib/core/protocol/effect'
import { pauseTask, resumeTask } from '../../../lib/core/protocol/pause'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { repairTask } from '../../../lib/core/protocol/repair'
import { definitionOf, TASK, World } from '../../support/world'

const definition = definitionOf()
const retry = { attempts: 2, delay: 30, backoff: 2, maxDelay: 3600 }
const verdict = { rule: 'ERROR', line: 1, text: 'ERROR\tno' }

describe('pause', () => {
  const pause = (world: World, until?: number) =>
    world.run(pauseTask(TASK, { reason: 'holiday', ...(until === undefined ? {} : { until }) }))
  const resume = (world: World) => world.run(resumeTask(world.context(), TASK, definition))

  test('of a task that never ran skips its ticks, each with the reason, until resume', () => {
    const world = new World()
    pause(world)
    const skipped = world.tick(0)
    expect(world.record(skipped)).toMatchObject({ status: 'SKIPPED', reason: 'paused' })
    resume(world)
    expect(world.record(world.tick(30)).status).toBe('RUNNING')
  })

  test('lets a running run end and keeps what waits until resume', () => {
    const world = new World()
    const [first, second] = [0, 30].map((at) => world.tick(at)) as [string, string]
    pause(world)
    world.end(first)
    world.deliverAll('next')
    expect(world.lock).toMatchObject({ slots: {}, waiting: [second] })
    resume(world)
    world.deliverAll('next')
    expect(world.record(second).status).toBe('RUNNING')
  })

  test('keeps a run that was asked for by hand waiting', () => {
    const world = new World()
    pause(world)
    const run = '2026-01-05T10:00:10.123Z'
    world.deliver({ kind: 'run', task: TASK, run, scheduledAt: run, trigger: 'manual', definition })
    expect(world.record(run).status).toBe('QUEUED')
    resume(world)
    world.deliverAll('next')
    expect(world.record(run).status).toBe('RUNNING')
  })

  test('of a task that never ran does not let a tick pass a run that waits, when it ends by itself', () => {
    const world = new World()
    pause(world, world.now + 60_000)
    const run = '2026-01-05T10:00:10.123Z'
    world.deliver({ kind: 'run', task: TASK, run, scheduledAt: run, trigger: 'manual', definition })
    world.now += 90_000
    const tick = world.tick(90)
    world.deliverAll('next')
    expect(world.record(run).status).toBe('RUNNING')
    expect(world.record(tick).status).toBe('QUEUED')
  })

  test('with an end is over at the first tick after it', () => {
    const world = new World()
    const waiting = [0, 30].map((at) => world.tick(at))[1] as string
    pause(world, world.now + 60_000)
    world.end('2026-01-05T10:00:00.000Z')
    world.now += 90_000
    world.tick(90)
    world.deliverAll('next')
    expect(world.record(waiting).status).toBe('RUNNING')
    expect(world.lock.paused).toBeUndefined()
  })

  test('holds a retry back until resume', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry }))
    world.end(run, { errors: 1, verdict })
    pause(world)
    world.now += 60_000
    world.deliverAll('retry')
    expect(world.record(run).status).toBe('RETRYING')
    resume(world)
    world.deliverAll('retry')
    expect(world.record(run)).toMatchObject({ status: 'RUNNING', attempt: 2 })
  })
})

describe('cancel', () => {
  function cancel(world: World, run: string): CancelOutcome {
    let outcome: CancelOutcome | undefined
    function* step(): Step<void> {
      outcome = yield* cancelRun(world.context(), TASK, run, 'someone')
    }
    world.run(step())
    return outcome as CancelOutcome
  }

  test('of a waiting run ends it, and the run behind it gets the slot', () => {
    const world = new World()
    const [first, second, third] = [0, 30, 60].map((at) => world.tick(at)) as [string, string, string]
    expect(cancel(world, second)).toBe('cancelled')
    expect(world.record(second)).toMatchObject({ status: 'CANCELLED', cancel: 'someone' })
    world.end(first)
    world.deliverAll('next')
    expect(world.record(third).status).toBe('RUNNING')
  })

  test('of a run whose body has not begun keeps it from ever beginning', () => {
    const world = new World()
    const run = world.tick(0)
    expect(cancel(world, run)).toBe('cancelled')
    expect(() => world.startBody(run)).toThrow('taken')
    expect(world.record(run).status).toBe('CANCELLED')
    expect(world.lock.slots).toEqual({})
  })

  test.each([
    ['well', {}],
    ['badly', { errors: 1, verdict }],
  ])('of a run whose body lives takes effect when that ends %s, and holds the slot until then', (_, end) => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry }))
    world.startBody(run)
    expect(cancel(world, run)).toBe('when-it-ends')
    expect(world.record(run).status).toBe('RUNNING')
    expect(world.lock.slots).toHaveProperty([run])
    world.end(run, end)
    expect(world.record(run).status).toBe('CANCELLED')
    expect(world.lock.slots).toEqual({})
  })

  test('of a retrying run ends it', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry }))
    world.end(run, { errors: 1, verdict })
    expect(cancel(world, run)).toBe('cancelled')
    world.now += 60_000
    world.deliverAll('retry')
    expect(world.record(run).status).toBe('CANCELLED')
  })

  test('says so where there is nothing to cancel', () => {
    const world = new World()
    expect(cancel(world, '2026-01-05T10:00:00.000Z')).toBe('no-such-run')
    const run = world.tick(0)
    world.end(run)
    expect(cancel(world, run)).toBe('ended-already')
  })
})

describe('repair of a lost queue', () => {
  const repair = (world: World) => {
    world.sent.splice(0)
    const unfinished = (world.store.all('runs') as RunRecord[]).filter(({ finishedAt }) => !finishedAt)
    world.run(repairTask(world.context(), TASK, unfinished))
  }

  test('watches a running run again', () => {
    const world = new World()
    const run = world.tick(0)
    repair(world)
    world.deliverAll('deadline')
    world.now += 10 * 60_000
    world.deliverAll('deadline')
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
  })

  test('starts a run that was handed the slot and never told', () => {
    const world = new World()
    const [first, second] = [0, 30].map((at) => world.tick(at)) as [string, string]
    world.end(first)
    repair(world)
    world.deliverAll('deadline', 'next')
    expect(world.record(second).status).toBe('RUNNING')
  })

  test('takes up a retry', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry }))
    world.end(run, { errors: 1, verdict })
    repair(world)
    world.now += 60_000
    world.deliverAll('retry')
    expect(world.record(run)).toMatchObject({ status: 'RUNNING', attempt: 2 })
  })

  test('admits a run that was QUEUED and died before it joined the list', () => {
    const world = new World()
    const first = world.tick(0)
    expect(() => world.tick(30, definition, { crashBefore: 3 })).toThrow()
    const lost = '2026-01-05T10:00:30.000Z'
    expect(world.record(lost).status).toBe('QUEUED')
    repair(world)
    world.deliverAll('tick')
    world.end(first)
    world.deliverAll('next')
    expect(world.record(lost).status).toBe('RUNNING')
  })
})
