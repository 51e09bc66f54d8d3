import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { enabledTasks, localTime, sendComingTicks, tickLines } from '../../../lib/commands/dev/schedules'
import { SCHEDULED_TIME_PLACEHOLDER } from '../../../lib/core/message'
import type { Outgoing } from '../../../lib/core/protocol/effect'
import { type Engine, startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'
import { definitionOf } from '../../support/world'

const definition = definitionOf()

describe('the tasks as deployed', () => {
  const data = temporaryFolder()
  let engine: Engine
  let client: SchedulerClient
  beforeAll(async () => {
    engine = await startEngine({ port: 0, dataDir: data.path })
    client = new SchedulerClient(clientConfig(engine.endpoint))
  })
  afterAll(async () => {
    client.destroy()
    await engine.close()
    data.remove()
  })

  it('are none in a service that has no schedule group', async () => {
    expect(await enabledTasks(client, 'no-such-group')).toEqual([])
  })

  it('are those whose schedule is enabled, with the interval that a minute schedule stands for', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 's-dev' }))
    const create = (
      Name: string,
      State: 'ENABLED' | 'DISABLED',
      expression: string,
      everySeconds?: number,
    ) => {
      const message = {
        kind: 'tick',
        task: Name,
        scheduledAt: SCHEDULED_TIME_PLACEHOLDER,
        everySeconds,
        definition,
      }
      return client.send(
        new CreateScheduleCommand({
          Name,
          GroupName: 's-dev',
          State,
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: 'arn:aws:sqs:us-east-1:000000000000:s-dev-tasks',
            RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
            Input: JSON.stringify(message),
          },
        }),
      )
    }
    await create('daily', 'ENABLED', 'cron(0 3 * * ? *)')
    await create('fast', 'ENABLED', 'cron(* * * * ? *)', 30)
    await create('off', 'DISABLED', 'cron(* * * * ? *)', 30)
    expect(await enabledTasks(client, 's-dev')).toMatchObject([
      { task: 'daily', schedule: 'cron(0 3 * * ? *)' },
      { task: 'fast', everySeconds: 30, schedule: 'every 30 seconds' },
    ])
  })

  it('have the ticks sent that are still to come in this minute and the next, where they fire once a minute', async () => {
    const sent: Outgoing[] = []
    const tasks = [
      { task: 'fast', everySeconds: 30, schedule: 'every 30 seconds' },
      { task: 'other', schedule: 'rate(1 hour)' },
    ].map((task) => ({ ...task, enabled: true, tags: [], timezone: 'UTC', definition }))
    const queue = { send: async (messages: readonly Outgoing[]) => void sent.push(...messages) }
    await sendComingTicks(queue, tasks, Date.parse('2026-03-01T10:00:12.500Z'))
    expect(sent).toMatchObject([
      { message: { task: 'fast', scheduledAt: '2026-03-01T10:00:30.000Z', definition }, delaySeconds: 18 },
      { message: { task: 'fast', scheduledAt: '2026-03-01T10:01:00.000Z', definition }, delaySeconds: 48 },
      { message: { task: 'fast', scheduledAt: '2026-03-01T10:01:30.000Z', definition }, delaySeconds: 78 },
    ])
    expect(sent.some(({ message }) => 'everySeconds' in message)).toBe(false)
  })
})

it('tells the next ticks in local time, with the date where it is another day', () => {
  const now = new Date(2026, 2, 1, 23, 59, 10).getTime()
  const schedule = 'every 30 seconds'
  const demo = { task: 'demo', schedule, timezone: 'UTC', enabled: true, tags: [], definition }
  expect(tickLines([demo], now)).toEqual(['  demo  23:59:30, 2026-03-02 00:00:00, 2026-03-02 00:00:30'])
  expect(localTime(now, now)).toBe('23:59:10')
})
