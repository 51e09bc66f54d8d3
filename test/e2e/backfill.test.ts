import { PutFunctionRecursionConfigCommand, type RecursiveLoop } from '@aws-sdk/client-lambda'
import { GetScheduleCommand } from '@aws-sdk/client-scheduler'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Message, TickMessage } from '../../lib/core/message'
import { backfillOf } from '../../lib/core/requests'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

jest.setTimeout(120_000)

const MINUTE = 60_000

describe('a backfill of more ticks than a chain of invocations may have laps', () => {
  const TICKS = 18
  const STOPPED = /Lambda stopped/
  let service: TestService
  let world: World

  beforeAll(async () => {
    world = await startWorld('backfills')
    const exits = { function: 'exit', overlap: 'queue' as const }
    service = targetsService(
      'backfills',
      { exit: { handler: 'targets/exit.handler' } },
      { exits, loops: exits },
    )
    await service.sls(world.engine.endpoint, 'deploy')
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  /** Of the minutes before now. */
  async function backfill(task: string): Promise<void> {
    const schedule = await world.scheduler.send(
      new GetScheduleCommand({ GroupName: world.names.scheduleGroup, Name: task }),
    )
    const { definition } = JSON.parse(schedule.Target?.Input ?? '') as TickMessage
    const now = world.clock.now()
    const stretch = {
      schedule: 'every 1 minute',
      timezone: 'UTC',
      from: now - (TICKS + 1) * MINUTE,
      to: now - MINUTE,
    }
    const message: Message = backfillOf({ task, definition }, stretch, { now, salt: 1, triggeredBy: 'ann' })
    const MessageBody = JSON.stringify(message)
    await world.sqs.send(new SendMessageCommand({ QueueUrl: world.queueUrl(world.names.queue), MessageBody }))
  }
  const backfilled = async (task: string) =>
    (await world.runs(task)).filter(({ trigger }) => trigger === 'backfill')
  const recursion = (FunctionName: string, RecursiveLoop: RecursiveLoop) =>
    world.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }))

  it('runs them all, one after the other, though the target exits each time', async () => {
    await backfill('exits')
    const runs = await world.until(
      async () => {
        const found = (await backfilled('exits')).filter(({ finishedAt }) => finishedAt)
        return found.length >= TICKS ? found : undefined
      },
      { explain: () => world.runs('exits') },
    )
    expect(runs.map(({ status, reason }) => [status, reason])).toEqual(runs.map(() => ['FAILED', 'exited']))
    expect(runs[0]).toMatchObject({ triggeredBy: 'ann', scheduledAt: runs[0]?.run })
    expect(world.warnings.filter((line) => STOPPED.test(line))).toEqual([])
  })

  it('is stopped by Lambda where our functions are not allowed to', async () => {
    await recursion('backfills-dev-exit', 'Terminate')
    await backfill('loops')
    await world.until(async () => world.warnings.some((line) => STOPPED.test(line)), {
      explain: () => backfilled('loops'),
    })
    expect(world.warnings.find((line) => STOPPED.test(line))).toContain('backfills-dev-exit')
  })
})
