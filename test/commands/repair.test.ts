import { readTasks } from '../../lib/aws/tasks'
import { repairService } from '../../lib/commands/repair'
import { type HandMade, NOW, startHandMade } from './support/service'

jest.setTimeout(30_000)

/** No dispatcher runs here: what is sent stays in the queue. */
let shop: HandMade
beforeAll(async () => {
  shop = await startHandMade()
})
afterAll(() => shop?.close())

const repair = async () => {
  const deployed = await readTasks(shop.clients.scheduler, shop.names.scheduleGroup)
  return repairService(shop.names, shop.clients, deployed, () => Date.parse(NOW))
}

describe('repair', () => {
  it('admits what a lost backfill had written down, also of a task that never ran and so has no lock', async () => {
    await shop.schedule('fresh')
    const run = '2026-03-01T03:00:00.000Z'
    const backfill = '2026-03-02T09:00:00.123Z'
    await shop.run('fresh', run, { status: 'QUEUED', trigger: 'backfill', backfill })
    expect(await repair()).toBe(1)
    expect(await shop.sent()).toMatchObject([
      { kind: 'run', task: 'fresh', run, trigger: 'backfill', backfill },
    ])
  })
})
