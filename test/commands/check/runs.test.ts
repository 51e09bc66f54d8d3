import { readLocks } from '../../../lib/aws/locks'
import { readTasks } from '../../../lib/aws/tasks'
import { checkRuns } from '../../../lib/commands/check/runs'
import type { Session } from '../../../lib/commands/session'
import { FakeIo } from '../support/io'
import { type HandMade, NOW, startHandMade } from '../support/service'
import { sessionAt } from '../support/session'
import { at } from '../support/shop'

jest.setTimeout(30_000)

const MINUTE = 60

describe('what the newest runs show', () => {
  let shop: HandMade
  let session: Session
  beforeAll(async () => {
    shop = await startHandMade()
    session = sessionAt(shop.engine.endpoint, new FakeIo(), () => Date.parse(NOW))
  })
  afterAll(async () => {
    session?.close()
    await shop?.close()
  })

  /** Of one task, as if it was deployed long ago. */
  async function findings(name: string) {
    const deployed = await readTasks(shop.clients.scheduler, shop.names.scheduleGroup)
    const tasks = deployed
      .filter(({ task }) => task === name)
      .map((task) => ({ ...task, changedAt: at(-30 * 86_400) }))
    const locks = await readLocks(shop.clients.dynamoDb, shop.names.locksTable)
    return checkRuns({ session, tasks, locks, now: Date.parse(NOW) })
  }

  const queued = (task: string, run: number, since: number) =>
    shop.run(task, at(run), { status: 'QUEUED', trigger: 'manual', queuedAt: at(since) })
  const rare = (task: string) => shop.schedule(task, { expression: 'at(2026-04-01T00:00:00)' })

  it('is a run that is QUEUED and was lost before it joined the waiting list', async () => {
    await rare('lost')
    await queued('lost', -90 * MINUTE, -4 * MINUTE)
    const finding = {
      kind: 'problem',
      code: 'run-stranded',
      task: 'lost',
      advice: 'sls tasks check --repair',
    }
    expect(await findings('lost')).toEqual([
      { ...finding, what: '2026-03-02T08:30:00.000Z is QUEUED and not in the waiting list' },
    ])

    await shop.lock('lost', { slots: { [at(-3600)]: Date.parse(at(600)) }, waiting: new Set([at(-1800)]) })
    await queued('lost', -80 * MINUTE, -4 * MINUTE)
    expect(await findings('lost')).toEqual([
      {
        ...finding,
        what: '2 runs are QUEUED and not in the waiting list, from 2026-03-02T08:30:00.000Z to 2026-03-02T08:40:00.000Z',
      },
    ])
  })

  it('is none that waits in the list or has its slot, none that may just be joining, and none that has ended', async () => {
    await rare('sound')
    await shop.lock('sound', { slots: { [at(-3600)]: Date.parse(at(600)) }, waiting: new Set([at(-1800)]) })
    await queued('sound', -3600, -3600)
    await queued('sound', -1800, -1800)
    await queued('sound', -1700, -2 * MINUTE)
    await shop.run('sound', at(-1600), { status: 'CANCELLED', queuedAt: at(-1600), finishedAt: at(-1500) })
    expect(await findings('sound')).toEqual([])
  })

  it('is none where the list was full a moment ago: who found it so comes again', async () => {
    await rare('crowded')
    await queued('crowded', -1800, -1800)
    const waiting = Array.from({ length: 101 }, (_, n) => at(-1700 + n))
    await shop.lock('crowded', { waiting: new Set(waiting) })
    expect(await findings('crowded')).toEqual([])
    await shop.lock('crowded', { waiting: new Set(waiting.slice(1)) })
    expect(await findings('crowded')).toMatchObject([{ code: 'run-stranded' }])
  })

  it('is a tick of the last day without a run, and a lost run of that day however many are newer', async () => {
    await shop.schedule('hourly', { expression: 'cron(0 * * * ? *)' })
    const hours = Array.from({ length: 30 }, (_, n) => -n * 3600)
    for (const hour of hours.filter((hour) => hour !== -7 * 3600 && hour !== -22 * 3600))
      await shop.run('hourly', at(hour))
    await queued('hourly', -22 * 3600, -22 * 3600)
    expect(await findings('hourly')).toMatchObject([
      {
        code: 'tick-without-run',
        what: 'the tick 2026-03-02T03:00:00.000Z (7 h ago) has no run',
        advice: expect.stringContaining('backfill -f hourly --from 2026-03-02T03:00:00.000Z'),
      },
      { code: 'run-stranded', what: expect.stringMatching(/^2026-03-01T12:00:00.000Z /) },
    ])
  })
})
