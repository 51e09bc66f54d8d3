import { cancelRun } from '../../../lib/core/protocol/cancel'
import type { Failure } from '../../../lib/core/protocol/record'
import { settleFailed } from '../../../lib/core/protocol/settle'
import { definitionOf, TASK, World } from '../../support/world'

const failure: Failure = { status: 'FAILED', reason: 'error', error: 'no' }
const attempt = (run: string) => ({ task: TASK, run, attempt: 1 })

const wide = definitionOf({ concurrency: 2 })
const narrow = definitionOf({ concurrency: 1 })

describe('a deploy that changes a task', () => {
  test('leaves a run that waits as it was made', () => {
    const world = new World()
    const first = world.tick(0)
    const second = world.tick(30, definitionOf({ function: 'as-it-was' }))
    world.tick(60, definitionOf({ function: 'as-it-is-now' }))
    world.end(first)
    world.deliverAll('next')
    expect(world.record(second).function).toBe('as-it-was')
    expect(world.invoked[1]?.definition.function).toBe('as-it-was')
  })

  test('that lowers concurrency lets what runs end, and starts what waits when fewer run than the new number', () => {
    const world = new World()
    const [first, second] = [0, 30].map((at) => world.tick(at, wide)) as [string, string]
    const third = world.tick(60, narrow)
    world.end(first)
    world.deliverAll('next')
    expect(world.record(third).status).toBe('QUEUED')
    world.end(second)
    world.deliverAll('next')
    expect(world.record(third).status).toBe('RUNNING')
  })

  test('that raises concurrency fills the new slots at the next tick, the oldest first', () => {
    const world = new World()
    const [, second, third] = [0, 30, 60].map((at) => world.tick(at, narrow)) as [string, string, string]
    const fourth = world.tick(90, wide)
    world.deliverAll('next')
    expect(world.record(second).status).toBe('RUNNING')
    expect([third, fourth].map((run) => world.record(run).status)).toEqual(['QUEUED', 'QUEUED'])
  })

  test('is not undone by a message that was under way since before', () => {
    const world = new World()
    const [first, , third] = [0, 30, 90].map((at) => world.tick(at, at < 90 ? wide : narrow)) as [
      string,
      string,
      string,
    ]
    world.end(first)
    const late = world.tick(60, wide)
    expect(world.lock).toMatchObject({ concurrency: 1, waiting: [late, third] })
    expect(Object.keys(world.lock.slots)).toHaveLength(1)
    expect(world.record(late)).toMatchObject({ status: 'QUEUED', definition: { concurrency: 2 } })
  })

  test('counts from the first that is due or asked for after it, also where that finds a slot free', () => {
    const world = new World()
    const manual = '2026-01-05T10:01:30.123Z'
    world.now += 120_000
    world.deliver({
      kind: 'run',
      task: TASK,
      run: manual,
      scheduledAt: manual,
      trigger: 'manual',
      definition: narrow,
    })
    const [late, later] = [30, 60].map((at) => world.tick(at, wide)) as [string, string]
    expect(world.lock.waiting).toEqual([late, later])
    world.end(manual)
    world.deliverAll('next')
    world.end(late)
    world.tick(0, wide)
    expect(Object.keys(world.lock.slots)).toEqual([later])
  })

  test('is not held up by a run that was asked for by a clock that is ahead', () => {
    const world = new World()
    const manual = '2026-01-06T10:00:00.123Z'
    const asked = { kind: 'run', task: TASK, run: manual, scheduledAt: manual, trigger: 'manual' } as const
    world.deliver({ ...asked, definition: narrow })
    const tick = world.tick(30, wide)
    expect(Object.keys(world.lock.slots)).toEqual([manual, tick])
  })

  test("that raises the function's time-out gives it to the runs that wait and retry, wrapped or not", () => {
    const retry = { attempts: 2, delay: 30, backoff: 2, maxDelay: 3600 }
    for (const target of ['wrapped', 'plain'] as const) {
      const world = new World()
      const before = definitionOf({ target, retry, concurrency: 2, functionTimeout: 60 })
      const [first, second, third] = [0, 30, 60].map((at) => world.tick(at, before)) as [
        string,
        string,
        string,
      ]
      world.tick(90, { ...before, functionTimeout: 900 })
      for (const run of [first, second])
        world.run(settleFailed(world.context(), attempt(run), before, failure))
      world.run(cancelRun(world.context(), TASK, second, 'ann'))
      world.now += 60_000
      world.deliverAll('retry', 'next')
      for (const run of [first, third]) {
        const { until = 0, logStream } = world.record(run)
        expect(until - world.now).toBe(120_000 + 900_000 + 60_000)
        const payload = world.invoked.find(({ payload }) => payload.stream_name === logStream)?.payload
        expect(payload?.slipstream).toMatchObject({ until, startBy: world.now + 120_000 })
      }
    }
  })

  test('that removes its function fails what waits when its turn comes, and frees the slot', () => {
    const world = new World()
    const [first, second] = [0, 30].map((at) => world.tick(at)) as [string, string]
    world.invokeResult = { outcome: 'refused', error: 'ResourceNotFoundException: Function not found' }
    world.end(first)
    world.deliverAll('next')
    expect(world.record(second)).toMatchObject({ status: 'FAILED', reason: 'refused' })
    expect(world.lock.slots).toEqual({})
  })
})
