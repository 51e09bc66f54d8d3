import { CreateScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler'
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { readTasks } from '../../../lib/aws/tasks'
import { checkAlerts } from '../../../lib/commands/check/alerts'
import type { Session } from '../../../lib/commands/session'
import { WATCH_SCHEDULE } from '../../../lib/core/names'
import { FakeIo } from '../support/io'
import { startHandMade } from '../support/service'
import { sessionAt } from '../support/session'

const ALERTS = { on: ['failed' as const], after: 1, startGrace: 300, events: true as const }

describe('what tells of troubles', () => {
  let shop: Awaited<ReturnType<typeof startHandMade>>
  let session: Session
  beforeAll(async () => {
    shop = await startHandMade()
    session = sessionAt(shop.engine.endpoint, new FakeIo(), () => shop.clock.now())
  })
  afterAll(async () => {
    session.close()
    await shop.close()
  })

  async function codes(): Promise<string[]> {
    const tasks = await readTasks(shop.clients.scheduler, shop.names.scheduleGroup)
    const found = await checkAlerts({ session, tasks, locks: new Map(), now: shop.clock.now() })
    for (const { advice } of found) expect(advice).toBeTruthy()
    return found.map(({ code, what }) => `${code}: ${what}`)
  }

  it('is not looked at where nobody asks for alerts', async () => {
    await shop.schedule('silent')
    expect(await codes()).toEqual([])
  })

  it('is missed where it is gone, the watcher where a task asks for what it finds', async () => {
    await shop.schedule('failing', { definition: { alerts: ALERTS } })
    expect(await codes()).toEqual([expect.stringMatching(/^alerter-missing: shop-dev-slipstreamAlerter/)])
    await shop.schedule('watched', { definition: { alerts: { ...ALERTS, on: ['missed'] } } })
    expect(await codes()).toEqual([
      expect.stringMatching(/^alerter-missing/),
      expect.stringMatching(/^watcher-missing: the schedule slipstream.watch does not exist/),
    ])
  })

  it('is in order where the schedule is on, and not where somebody disabled it', async () => {
    const schedule = {
      Name: WATCH_SCHEDULE,
      GroupName: shop.names.scheduleGroup,
      ScheduleExpression: 'cron(0/5 * * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Target: {
        Arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-slipstreamAlerter',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
      },
    }
    await shop.clients.scheduler.send(new CreateScheduleCommand({ ...schedule, State: 'DISABLED' }))
    expect(await codes()).toContainEqual(expect.stringMatching(/^watcher-missing: .* is disabled/))
    await shop.clients.scheduler.send(new UpdateScheduleCommand({ ...schedule, State: 'ENABLED' }))
    expect(await codes()).toEqual([expect.stringMatching(/^alerter-missing/)])
  })

  it('says what could not be sent', async () => {
    const { QueueUrl } = await shop.clients.sqs.send(
      new CreateQueueCommand({ QueueName: shop.names.alertsDeadLetterQueue }),
    )
    expect(await codes()).toHaveLength(1)
    await shop.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }))
    expect(await codes()).toContainEqual(
      expect.stringMatching(/^alerts-undelivered: 1 message in shop-dev-alerts-dlq/),
    )
  })
})
