import {
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Finding } from '../../lib/commands/check/finding'
import type { CommandName, Options } from '../../lib/commands/options'
import { COMMANDS } from '../../lib/commands/table'
import type { TestService } from '../e2e/support/service'
import { targetsService } from '../e2e/support/targets'
import { startWorld, type World } from '../e2e/support/world'
import { FakeIo } from './support/io'
import { sessionAt } from './support/session'

const MINUTE = 60_000

jest.setTimeout(60_000)

describe('a deployed service', () => {
  let service: TestService
  let world: World
  beforeAll(async () => {
    world = await startWorld('shop')
    service = targetsService(
      'shop',
      {
        say: { handler: 'targets/say.handler' },
        slow: { handler: 'targets/say.handler', timeout: 300 },
        flaky: { handler: 'targets/flaky.handler' },
        gone: { handler: 'targets/say.handler' },
        grown: { handler: 'targets/say.handler' },
        unheard: { handler: 'targets/say.handler' },
      },
      {
        say: { function: 'say', payload: { lines: ['one', 'two'] } },
        bad: { function: 'say', payload: { lines: ['one', 'ERROR no such table'] } },
        flaky: { function: 'flaky', payload: { failures: 1 }, retry: { attempts: 2, delay: 5 } },
        slow: { function: 'slow', payload: { lines: ['begun'], seconds: 60 } },
        gone: { function: 'gone' },
        grown: { function: 'grown' },
        unheard: { function: 'unheard' },
        minutely: { function: 'say', schedule: 'cron(* * * * ? *)' },
        stuck: { function: 'say' },
      },
    )
    await service.sls(world.engine.endpoint, 'deploy')
  })
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  /** As many time passes as the command needs. */
  async function command<Name extends CommandName>(name: Name, options: Options<Name> = {}) {
    const io = new FakeIo()
    const session = sessionAt(world.engine.endpoint, io, () => world.clock.now())
    try {
      const code = await world.during(COMMANDS[name].run(session, options))
      return {
        code,
        out: io.data.map((line) => line.replace(/(?<=^.{5} {2})[\d:.]{12}/, 'TIME')),
        say: io.talk,
        io,
      }
    } finally {
      session.close()
    }
  }

  /** In steps, so that each tick finds its minute. */
  async function pass(ms: number): Promise<void> {
    const end = world.clock.now() + ms
    await world.until(async () => world.clock.now() >= end, { step: 10_000, limit: 2 * ms })
  }

  it('runs a task, follows its log and tells its success by exit code 0', async () => {
    const { code, out, say } = await command('run', { task: 'say', wait: true })
    expect(code).toBe(0)
    expect(out).toEqual(['    1  TIME  INFO   one', '    2  TIME  INFO   two'])
    expect(say.at(-1)).toMatch(/^SUCCEEDED \(\d+\.\d s\)$/)
  })

  it('tells a failure by exit code 2 and by its line, and runs it again for the same tick', async () => {
    const first = await command('run', { task: 'bad', wait: true, tick: '2026-02-28T03:00Z' })
    expect(first.code).toBe(2)
    expect(first.say.at(-1)).toMatch(/^FAILED: line 2 matched failOn ERROR: /)

    const again = await command('rerun', { task: 'bad', run: 'last-failed', wait: true, json: true })
    expect(again.code).toBe(2)
    expect(again.io.json()).toMatchObject({
      trigger: 'rerun',
      status: 'FAILED',
      scheduledAt: '2026-02-28T03:00:00.000Z',
      payload: { lines: ['one', 'ERROR no such table'] },
    })
    expect(again.say.filter((line) => line.includes('no such table'))).not.toEqual([])
  })

  it('follows a run through its attempts', async () => {
    const { code, out, say } = await command('run', { task: 'flaky', wait: true })
    expect(code).toBe(0)
    expect(out[0]).toMatch(/INFO {3}attempt 1$/)
    expect(out.at(-1)).toMatch(/INFO {3}attempt 2$/)
    expect(say).toContainEqual(expect.stringMatching(/^attempt 2 started /))
    const [run] = (await command('runs', { task: 'flaky', json: true })).io.json() as {
      attempts: unknown[]
    }[]
    expect(run?.attempts).toHaveLength(2)
  })

  it('waits for a run that waits, and follows it', async () => {
    await command('run', { task: 'slow' })
    const second = await command('run', { task: 'slow', data: '{"lines":["second"]}' })
    expect(second.say[0]).toMatch(/^queued behind 2026-/)
    const { code, out, say } = await command('logs', { task: 'slow', run: second.out[0] ?? '', follow: true })
    expect(code).toBe(0)
    expect(say[0]).toMatch(/^queued behind 2026-/)
    expect(out).toEqual(['    1  TIME  INFO   second'])
  })

  it('gives up waiting by exit code 124, while the run goes on', async () => {
    const waiting = command('run', { task: 'slow', wait: true, 'wait-timeout': '2s' })
    await expect(waiting).rejects.toMatchObject({ exitCode: 124, code: 'WAIT_TIMEOUT' })
    const { code } = await command('logs', { task: 'slow', follow: true })
    expect(code).toBe(0)
  })

  it('cancels a run whose body lives, when that ends', async () => {
    const { out } = await command('run', { task: 'slow' })
    const [run = ''] = out
    const { say } = await command('cancel', { task: 'slow', run })
    expect(say[0]).toMatch(/cannot be stopped/)
    expect((await command('logs', { task: 'slow', run, follow: true })).code).toBe(2)
    expect((await command('runs', { task: 'slow', status: 'CANCELLED' })).out).toHaveLength(2)
  })

  it('is reached by sls as well, which drops no stray word in silence', async () => {
    const { endpoint } = world.engine
    expect(await service.sls(endpoint, 'tasks', 'list', '--status', 'succeeded')).toMatch(/^say +SUCCEEDED /m)
    await expect(service.sls(endpoint, 'tasks', 'run', '--wait', 'say')).rejects.toThrow(
      '(1):\n"say" belongs to no option: a task is named with --task, as in sls tasks run -f say',
    )
  })

  it('runs the ticks of a stretch of the past', async () => {
    await command('backfill', { task: 'minutely', from: '2026-03-01T10:00Z', to: '2026-03-01T10:02Z' })
    const keys = await world.until(async () => {
      const { io } = await command('runs', {
        task: 'minutely',
        trigger: 'backfill',
        status: 'SUCCEEDED',
        json: true,
      })
      const found = (io.json() as { run: string }[]).map(({ run }) => run)
      return found.length === 3 ? found : undefined
    })
    expect(keys).toEqual(['02', '01', '00'].map((minute) => `2026-03-01T10:${minute}:00.000Z`))
  })

  it('has nothing wrong with it', async () => {
    await pass(5 * MINUTE)
    expect(await command('check')).toMatchObject({ code: 0, out: [], say: ['No problem found in 9 tasks.'] })
  })

  it('is told what is wrong with it, and what to do', async () => {
    const { lambda, names, logs, scheduler, sqs } = world
    const { EventSourceMappings: [mapping] = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: names.dispatcher }),
    )
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: false }))
    await lambda.send(new DeleteFunctionCommand({ FunctionName: 'shop-dev-gone' }))
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'shop-dev-grown', Timeout: 300 }),
    )
    await lambda.send(
      new DeleteFunctionEventInvokeConfigCommand({ FunctionName: 'shop-dev-unheard', Qualifier: '$LATEST' }),
    )
    const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName: names.checker }))
    for (const { Sid } of (JSON.parse(Policy) as { Statement: { Sid: string }[] }).Statement)
      await lambda.send(new RemovePermissionCommand({ FunctionName: names.checker, StatementId: Sid }))
    const { subscriptionFilters } = await logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName: names.logGroup }),
    )
    await logs.send(
      new DeleteSubscriptionFilterCommand({
        logGroupName: names.logGroup,
        filterName: subscriptionFilters?.[0]?.filterName,
      }),
    )
    const say = await scheduler.send(new GetScheduleCommand({ GroupName: names.scheduleGroup, Name: 'say' }))
    await scheduler.send(
      new UpdateScheduleCommand({
        Name: 'say',
        GroupName: names.scheduleGroup,
        State: 'DISABLED',
        ScheduleExpression: say.ScheduleExpression,
        FlexibleTimeWindow: say.FlexibleTimeWindow,
        Target: say.Target,
      }),
    )
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: world.queueUrl(names.deadLetterQueue),
        MessageBody: JSON.stringify({ kind: 'next', task: 'say', run: '2026-03-02T10:00:00.001Z' }),
      }),
    )
    await world.dynamoDb.send(
      new UpdateCommand({
        TableName: names.locksTable,
        Key: { task: 'stuck' },
        UpdateExpression: 'SET slots = :slots, v = :v',
        ExpressionAttributeValues: {
          ':slots': { '2026-03-02T09:00:00.000Z': world.clock.now() - MINUTE },
          ':v': 1,
        },
      }),
    )
    const at = new Date(world.clock.now()).toISOString()
    for (const [task, reason, error] of [
      ['gone', 'refused', 'Lambda refused to invoke it: AccessDeniedException: not for you'],
      ['unheard', 'no-log', 'Nothing was ever written to its log stream.'],
      ['stuck', 'not-started', 'Its log stream could not be created: AccessDeniedException: not for you'],
    ])
      await world.dynamoDb.send(
        new PutCommand({
          TableName: names.runsTable,
          Item: { task, run: at, status: 'FAILED', reason, error, finishedAt: at },
        }),
      )
    await command('pause', { task: 'flaky', reason: 'vendor' })
    await pass(10 * MINUTE)

    const { code, io } = await command('check', { json: true })
    expect(code).toBe(1)
    const findings = io.json() as Finding[]
    expect(findings.map(({ code, task = '' }) => `${code} ${task}`.trim()).sort()).toEqual([
      'dead-letters',
      'dispatcher-not-connected',
      'function-missing gone',
      'function-timeout-changed grown',
      'invoke-denied gone',
      'no-log stuck',
      'no-log unheard',
      'paused flaky',
      'permission-missing',
      'report-missing unheard',
      'schedule-disabled say',
      'slot-stuck stuck',
      'subscription-missing',
      'tick-without-run minutely',
    ])
    for (const { advice } of findings) expect(advice).toBeTruthy()

    const text = await command('check')
    expect(text.say).toEqual(['12 problems in shop-dev'])
    expect(text.out).toContainEqual(
      expect.stringMatching(/^problem: stuck: 2026-03-02T09:00:00.000Z holds a slot/),
    )
    expect(text.out).toContainEqual(expect.stringMatching(/^note: flaky: it is paused: vendor$/))
  })

  it('is repaired: what holds a slot for nothing is looked after', async () => {
    const { lambda, names } = world
    const { EventSourceMappings: [mapping] = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: names.dispatcher }),
    )
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: true }))
    const { say } = await command('check', { repair: true })
    expect(say[0]).toMatch(/^Sent again what moves \d+ unfinished runs? on/)
    await world.until(async () => {
      const { slots = {} } = await world.lock('stuck')
      return Object.keys(slots).length === 0
    })
    const { io } = await command('check', { json: true })
    expect((io.json() as Finding[]).filter(({ code }) => code === 'slot-stuck')).toEqual([])
  })
})
