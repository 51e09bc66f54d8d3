import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { deployedTasks, localTime, sendMissedMinutes, tickLines } from '../../../lib/commands/dev/schedules'
import { SCHEDULED_TIME_PLACEHOLDER } from '../../../lib/core/message'
import { parseSchedule } from '../../../lib/core/schedule'
import { type Engine, startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'

const definition = {
  function: 'demo',
  qualifier: '$LATEST',
  target: 'wrapped',
  concurrency: 1,
  overlap: 'latest',
  startWithin: null,
  timeout: 60,
  functionTimeout: 60,
  retry: { attempts: 1, delay: 30, backoff: 2, maxDelay: 3600 },
  failOn: ['ERROR'],
  except: [],
  logGroup: '/slipstream/s-dev',
  retention: 90,
}

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
    expect(await deployedTasks(client, 'no-such-group')).toEqual([])
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
    expect(await deployedTasks(client, 's-dev')).toMatchObject([
      { task: 'daily', everySeconds: undefined, schedule: { kind: 'cron' } },
      { task: 'fast', everySeconds: 30, schedule: { kind: 'every', seconds: 30 } },
    ])
  })

  it('have the messages of this minute and of the one before sent, where they fire once a minute', async () => {
    const fired: unknown[] = []
    const scheduler = {
      ...engine.services.scheduler,
      fireNow: async (...args: unknown[]) => void fired.push(args),
    }
    const schedule = parseSchedule('every 30 seconds', 'UTC')
    await sendMissedMinutes(
      scheduler,
      's-dev',
      [
        { task: 'fast', schedule, everySeconds: 30 },
        { task: 'other', schedule, everySeconds: undefined },
      ],
      Date.parse('2026-03-01T10:00:42Z'),
    )
    expect(fired).toEqual([
      ['s-dev', 'fast', Date.parse('2026-03-01T09:59:00Z')],
      ['s-dev', 'fast', Date.parse('2026-03-01T10:00:00Z')],
    ])
  })
})

it('tells the next ticks in local time, with the date where it is another day', () => {
  const now = new Date(2026, 2, 1, 23, 59, 10).getTime()
  const schedule = parseSchedule('every 30 seconds', 'UTC')
  expect(tickLines([{ task: 'demo', schedule, everySeconds: 30 }], now)).toEqual([
    '  demo  23:59:30, 2026-03-02 00:00:00, 2026-03-02 00:00:30',
  ])
  expect(localTime(now, now)).toBe('23:59:10')
})
