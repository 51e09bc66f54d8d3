import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { TickMessage } from '../../lib/core/message'
import { manualRun } from '../../lib/core/requests'
import { TestService } from './support/service'
import { startWebhook } from './support/webhook'
import { startWorld, type World } from './support/world'

jest.setTimeout(120_000)

const MINUTE = 60_000

describe('alerts of a deployed service', () => {
  let service: TestService
  let world: World
  let webhook: Awaited<ReturnType<typeof startWebhook>>

  beforeAll(async () => {
    world = await startWorld('alerting')
    webhook = await startWebhook()
    service = new TestService().copy('test/fixtures/targets', 'targets').configure({
      service: 'alerting',
      provider: { name: 'aws', runtime: 'nodejs22.x', memorySize: 256, timeout: 30 },
      plugins: ['serverless-slipstream'],
      functions: { say: { handler: 'targets/say.handler' } },
      slipstream: { alerts: { webhook: webhook.url } },
      tasks: {
        breaks: {
          function: 'say',
          schedule: 'at(2199-01-01T00:00:00)',
          payload: { lines: ['ERROR no disk'] },
        },
        hourly: { function: 'say', schedule: 'every 10 minutes' },
        quiet: { function: 'say', schedule: 'every 10 minutes', alerts: false },
      },
    })
    await service.sls(world.engine.endpoint, 'deploy')
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    await webhook?.close()
    service?.remove()
  })

  const told = (about: string) => webhook.texts.filter((text) => text.includes(about))

  const schedule = (Name: string) =>
    world.scheduler.send(new GetScheduleCommand({ GroupName: world.names.scheduleGroup, Name }))

  it('says once that a task fails, and that it is good again after a run by hand', async () => {
    const { record } = await world.runOnce('breaks')
    const [text] = await world.until(async () => (told('breaks').length > 0 ? told('breaks') : undefined))
    expect(text).toBe(
      [
        ':red_circle: *failed: breaks (alerting-dev)*',
        `tick ${record.scheduledAt}`,
        'FAILED: line 1 matched failOn ERROR: ERROR no disk',
        '```ERROR no disk```',
        `\`sls tasks logs --task breaks --run ${record.run} --stage dev\``,
      ].join('\n'),
    )

    await world.advance(1000)
    await world.runOnce('breaks')
    expect(told('breaks')).toHaveLength(1)

    const { definition } = JSON.parse((await schedule('breaks')).Target?.Input ?? '') as TickMessage
    const asked = manualRun(
      { task: 'breaks', definition, payload: { lines: ['fine'] } },
      { now: world.clock.now(), salt: 1 },
    )
    await world.sqs.send(
      new SendMessageCommand({
        QueueUrl: world.queueUrl(world.names.queue),
        MessageBody: JSON.stringify(asked),
      }),
    )
    await world.until(async () => told('breaks').length > 1)
    expect(told('breaks').slice(1)).toEqual([
      expect.stringMatching(/recovered: breaks.*\n.*\nSUCCEEDED, after failed since/),
    ])
  })

  it('says once that ticks are missed when somebody has disabled the schedule, of the task that asks for it', async () => {
    await world.until(async () => (await world.runs('hourly')).length > 0, {
      step: MINUTE,
      limit: 30 * MINUTE,
    })
    for (const name of ['hourly', 'quiet']) {
      const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = await schedule(name)
      await world.scheduler.send(
        new UpdateScheduleCommand({
          Name,
          GroupName,
          ScheduleExpression,
          FlexibleTimeWindow,
          Target,
          State: 'DISABLED',
        }),
      )
    }
    await world.until(async () => told('missed').length > 0, { step: MINUTE, limit: 40 * MINUTE })
    for (let minute = 0; minute < 20; minute++) await world.advance(MINUTE)
    expect(told('missed')).toEqual([
      expect.stringMatching(
        /missed: hourly .*\n.*\nMISSED: the tick \S+ has no run; its schedule is disabled/,
      ),
    ])
  })
})
