import type { RunRecord } from '../../lib/core/protocol/record'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

jest.setTimeout(60_000)

describe('the policies of a task', () => {
  let service: TestService
  let world: World

  const slow = { function: 'say', payload: { lines: ['here'], seconds: 20 } }
  const tasks = {
    latest: { ...slow },
    queue: { ...slow, overlap: 'queue' as const },
    skip: { ...slow, overlap: 'skip' as const },
    two: { ...slow, overlap: 'queue' as const, concurrency: 2 },
    late: { ...slow, overlap: 'queue' as const, startWithin: 5 },
    recovers: { function: 'flaky', payload: { failures: 1 }, retry: { attempts: 3, delay: 10 } },
    'gives-up': { function: 'flaky', payload: { failures: 9 }, retry: { attempts: 2, delay: 5 } },
  }

  beforeAll(async () => {
    world = await startWorld('policies')
    service = targetsService(
      'policies',
      { say: { handler: 'targets/say.handler' }, flaky: { handler: 'targets/flaky.handler' } },
      tasks,
    )
    await service.sls(world.engine.endpoint, 'deploy')
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  /** Sends three ticks of a task, each when the one before has a record, and gives its runs when all have ended. */
  async function threeTicks(task: keyof typeof tasks): Promise<RunRecord[]> {
    let most = 0
    for (let tick = 1; tick <= 3; tick++) {
      await world.advance(1000)
      await world.fire(task)
      await world.until(async () => (await world.runs(task)).length === tick)
    }
    const runs = await world.until(
      async () => {
        const found = await world.runs(task)
        most = Math.max(most, found.filter(({ status }) => status === 'RUNNING').length)
        return found.length === 3 && found.every(({ finishedAt }) => finishedAt) ? found : undefined
      },
      { explain: () => world.runs(task) },
    )
    expect(most).toBe(task === 'two' ? 2 : 1)
    expect((await world.lock(task)).waiting).toBeUndefined()
    expect((await world.lock(task)).slots).toEqual({})
    return runs
  }

  const outcomes = (runs: RunRecord[]) => runs.map(({ status, reason }) => [status, reason])
  const time = (text: string | undefined) => Date.parse(text ?? '')

  it('latest: the newest tick that waits replaces the one before it', async () => {
    const runs = await threeTicks('latest')
    const [first, second, third] = runs
    expect(outcomes(runs)).toEqual([
      ['SUCCEEDED', undefined],
      ['SKIPPED', 'superseded'],
      ['SUCCEEDED', undefined],
    ])
    expect(second).toMatchObject({ blockedBy: third?.run })
    expect(time(third?.startedAt)).toBeGreaterThanOrEqual(time(first?.finishedAt))
  })

  it('queue: all run, in order, one after the other', async () => {
    const runs = await threeTicks('queue')
    expect(outcomes(runs)).toEqual(runs.map(() => ['SUCCEEDED', undefined]))
    const [first, second, third] = runs
    expect(time(second?.startedAt)).toBeGreaterThanOrEqual(time(first?.finishedAt))
    expect(time(third?.startedAt)).toBeGreaterThanOrEqual(time(second?.finishedAt))
    expect(second?.queuedAt).toBeDefined()
  })

  it('skip: what falls due while one runs does not run', async () => {
    const runs = await threeTicks('skip')
    expect(outcomes(runs)).toEqual([
      ['SUCCEEDED', undefined],
      ['SKIPPED', 'overlap'],
      ['SKIPPED', 'overlap'],
    ])
    expect(runs[1]).not.toHaveProperty('logStream')
  })

  it('concurrency: two at once, and the third when one of them is over', async () => {
    const runs = await threeTicks('two')
    expect(outcomes(runs)).toEqual(runs.map(() => ['SUCCEEDED', undefined]))
    const [first, second, third] = runs
    expect(time(second?.startedAt)).toBeLessThan(time(first?.finishedAt))
    expect(time(third?.startedAt)).toBeGreaterThanOrEqual(time(first?.finishedAt))
  })

  it('startWithin: a tick that waited too long does not run', async () => {
    const runs = await threeTicks('late')
    expect(outcomes(runs)).toEqual([
      ['SUCCEEDED', undefined],
      ['SKIPPED', 'too-late'],
      ['SKIPPED', 'too-late'],
    ])
  })

  it('retry: a further attempt has a stream of its own, and decides', async () => {
    const { record, lines } = await world.runOnce('recovers')
    expect(record).toMatchObject({
      status: 'SUCCEEDED',
      attempt: 2,
      trigger: 'schedule',
      attempts: [
        { attempt: 1, outcome: 'error' },
        { attempt: 2, outcome: 'SUCCEEDED', logStream: record.logStream },
      ],
    })
    expect(record).not.toHaveProperty('error')
    expect(lines).toEqual(['INFO\tattempt 2'])
    const [first, second] = record.attempts ?? []
    const before = await world.stream({ logGroup: record.logGroup, logStream: first?.logStream ?? '' })
    expect(before.lines).toEqual(['INFO\tattempt 1', expect.stringContaining('attempt 1 fails')])
    expect(before.end).toMatchObject({ outcome: 'threw' })
    expect(time(second?.startedAt) - time(first?.finishedAt)).toBeGreaterThanOrEqual(10_000)
  })

  it('retry: when all attempts have failed the last one tells why', async () => {
    const { record } = await world.runOnce('gives-up')
    expect(record).toMatchObject({
      status: 'FAILED',
      reason: 'error',
      error: 'Error: attempt 2 fails',
      attempt: 2,
      attempts: [{ outcome: 'error' }, { outcome: 'error' }],
    })
    expect((await world.lock('gives-up')).slots).toEqual({})
  })
})
