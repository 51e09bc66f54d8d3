import { definitionOf, World } from '../../support/world'

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
