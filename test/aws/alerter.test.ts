import { UpdateScheduleCommand } from '@aws-sdk/client-scheduler'
import { AlertChannels } from '../../lib/aws/alert-channels'
import { AlerterWorld } from '../../lib/aws/alerter'
import type { Alert } from '../../lib/core/alerts/alert'
import { notify, readEnds, readRunKeys, readSchedule } from '../../lib/core/alerts/effect'
import { startHandMade } from '../commands/support/service'
import { clientConfig } from '../support/engine'

const tick = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00.000Z`

describe('what the alerter asks of AWS', () => {
  let shop: Awaited<ReturnType<typeof startHandMade>>
  let world: AlerterWorld
  const failures: unknown[] = []
  beforeAll(async () => {
    shop = await startHandMade()
    world = new AlerterWorld(
      await shop.clients.ports(shop.names),
      'shop-dev',
      new AlertChannels({}),
      (...failure) => void failures.push(failure),
      clientConfig(shop.engine.endpoint),
    )
    for (let minute = 0; minute < 15; minute++)
      await shop.run('load', tick(minute), {
        status: minute % 2 === 0 ? 'SUCCEEDED' : 'FAILED',
        finishedAt: tick(minute),
      })
  })
  afterAll(async () => {
    world.close()
    await shop.close()
  })

  it('is the keys of the runs between two, both included', async () => {
    expect(await world.perform(readRunKeys('load', tick(3), tick(5)))).toEqual([3, 4, 5].map(tick))
    expect(await world.perform(readRunKeys('other', tick(3), tick(5)))).toEqual([])
  })

  it('is how the last runs before one ended, the newest first', async () => {
    const ends = await world.perform(readEnds('load', tick(14)))
    expect(ends).toHaveLength(10)
    expect(ends[0]).toEqual({ status: 'FAILED', finishedAt: tick(13) })
    expect(await world.perform(readEnds('load', tick(0)))).toEqual([])
  })

  it('is the schedule of a task, on or off, with its definition, or that there is none', async () => {
    await shop.schedule('load')
    const found = await world.perform(readSchedule('load'))
    expect(found).toMatchObject({ enabled: true, definition: { function: 'shop-dev-load' } })
    expect(found?.changedAt).toBe(shop.clock.now())
    await shop.clients.scheduler.send(
      new UpdateScheduleCommand({
        Name: 'load',
        GroupName: shop.names.scheduleGroup,
        State: 'DISABLED',
        ScheduleExpression: 'cron(0 3 * * ? *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:sqs:us-east-1:000000000000:shop-dev-tasks',
          RoleArn: 'arn:aws:iam::000000000000:role/r',
          Input: 'not ours',
        },
      }),
    )
    expect(await world.perform(readSchedule('load'))).toMatchObject({ enabled: false, definition: undefined })
    expect(await world.perform(readSchedule('none'))).toBeUndefined()
  })

  it('names a channel that the deployment no longer knows', async () => {
    const alert = { kind: 'failed', task: 'load', tick: tick(1) } as Alert
    expect(await world.perform(notify(alert, ['topic:0123abcd']))).toEqual(['topic:0123abcd'])
    expect(failures).toEqual([
      [
        { channel: 'topic:0123abcd', why: 'no longer deployed' },
        { task: 'load', kind: 'failed', tick: tick(1) },
      ],
    ])
  })
})
