import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeTimeToLiveCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { parseRecord } from '../../lib/core/log-record'
import { parseStreamName } from '../../lib/core/names'
import type { RunRecord } from '../../lib/core/protocol/record'
import { TestService } from './support/service'
import { startWorld, type World } from './support/world'

const STEPS = [0, 1, 2, 3, 4, 5].map((step) => `INFO\tcurrent run ${step}`)
const DAY = 86_400

jest.setTimeout(120_000)

describe("this repository's own service", () => {
  const service = new TestService().copy('serverless.yml').copy('handlers/demo.ts')
  let world: World

  beforeAll(async () => {
    world = await startWorld('slipstream')
    await service.sls(world.engine.endpoint, 'deploy')
  })
  afterAll(async () => {
    await world?.close()
    service.remove()
  })

  it('runs the demo every 30 seconds, and never two at once', async () => {
    const ended = (runs: RunRecord[]) => runs.filter(({ finishedAt }) => finishedAt !== undefined)
    const runs = await world.until(
      async () => {
        const all = await world.runs('demo')
        expect(all.filter(({ status }) => status === 'RUNNING').length).toBeLessThan(2)
        const done = ended(all)
        // The demo fails in half of its runs, at random: until both were seen.
        return done.length >= 4 && new Set(done.map(({ status }) => status)).size > 1 ? done : undefined
      },
      { limit: 60 * 60_000, explain: () => world.runs('demo') },
    )
    const ticks = runs.map(({ scheduledAt }) => Date.parse(scheduledAt))
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index * 30_000))
    expect((ticks[0] ?? 1) % 30_000).toBe(0)
    for (const run of runs) await expectWhole(run)
  })

  it('lets DynamoDB forget the records that have ended', async () => {
    const describe = new DescribeTimeToLiveCommand({ TableName: world.names.runsTable })
    expect((await world.rawDynamoDb.send(describe)).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    })
  })

  /** A record with all that it promises, and a stream with its own lines only. */
  async function expectWhole(run: RunRecord): Promise<void> {
    const { logGroup, logStream = '', startedAt = '', finishedAt = '', expiresAt, requestId } = run
    expect(run).toMatchObject({
      task: 'demo',
      run: run.scheduledAt,
      trigger: 'schedule',
      attempt: 1,
      function: 'slipstream-dev-demo',
      qualifier: '$LATEST',
      payload: { max_len: 6 },
      logGroup: '/slipstream/slipstream-dev',
      attempts: [{ attempt: 1, logStream, startedAt, finishedAt }],
    })
    expect(parseStreamName(logStream)).toEqual({
      task: 'demo',
      run: run.run,
      attempt: 1,
      qualifier: '$LATEST',
    })
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(Date.parse(run.scheduledAt))
    expect(expiresAt).toBe(Math.ceil(Date.parse(finishedAt) / 1000) + 30 * DAY)

    const [first, ...rest] = await world.lines(logGroup, logStream)
    const last = rest.pop()
    expect(parseRecord(first ?? '')).toMatchObject({ slipstream: 'start', requestId })
    if (run.status === 'SUCCEEDED') {
      expect(rest).toEqual(STEPS)
      expect(parseRecord(last ?? '')).toMatchObject({ slipstream: 'end', outcome: 'returned', errors: 0 })
      for (const absent of ['error', 'reason', 'verdict']) expect(run).not.toHaveProperty(absent)
      return
    }
    const failure = rest.pop() ?? ''
    const [, step] = /^ERROR\tError: fails at (\d)\n/.exec(failure) ?? []
    expect(rest).toEqual(STEPS.slice(0, Number(step)))
    expect(parseRecord(last ?? '')).toMatchObject({ slipstream: 'end', outcome: 'threw' })
    expect(run).toMatchObject({
      status: 'FAILED',
      reason: 'error',
      error: `Error: fails at ${step}`,
      verdict: { rule: 'throw', line: Number(step) + 1, text: failure },
    })
  }

  it('has an empty lock when nothing runs', async () => {
    const lock = await world.until(async () => {
      const { slots = {} } = await world.lock('demo')
      return Object.keys(slots).length === 0
    })
    expect(lock).toBe(true)
    expect((await world.lock('demo')).waiting).toBeUndefined()
  })

  it('shows with `sls info` what is deployed', async () => {
    const output = await service.sls(world.engine.endpoint, 'info')
    expect(output).toContain('stage: dev')
    expect(output).toContain('demo: slipstream-dev-demo')
  })

  it('runs a function with `sls invoke`, as any function, and has its log', async () => {
    const { endpoint } = world.engine
    const invoked = service.sls(endpoint, 'invoke', '-f', 'demo', '--data', '{"max_len":0}', '--log')
    expect(await world.during(invoked)).toMatch(/^null$/m)
    const startTime = ['--startTime', '2026-03-01T00:00:00Z']
    const output = await service.sls(endpoint, 'logs', '-f', 'demo', ...startTime)
    expect(output).toMatch(/\tINFO\tcurrent run 0$/m)
    // What the framework makes of Lambda's own END and REPORT.
    expect(output).toMatch(/^END Duration: \d+\.\d\d ms .*Memory Used: \d+ MB$/m)
  })

  it('takes a changed schedule and payload with a deploy, while a run goes on as it was begun', async () => {
    const running = await world.until(async () => {
      const runs = await world.runs('demo')
      return runs.find(({ status }) => status === 'RUNNING')
    })
    service.edit((text) =>
      text
        .replace('every 30 seconds', 'every 20 seconds')
        .replace('max_len: 6', 'max_len: 1')
        .concat('  nightly:\n    function: demo\n    schedule: cron(0 3 * * ? *)\n'),
    )
    await service.sls(world.engine.endpoint, 'deploy')
    const deployedAt = world.clock.now()

    const over = await world.until(async () => {
      const runs = await world.runs('demo')
      return runs.find(({ run, finishedAt }) => run === running.run && finishedAt !== undefined)
    })
    await expectWhole(over)
    expect(await scheduled()).toEqual(['demo', 'nightly'])

    // Ticks that had been sent before are those of the old schedule, for two minutes at most.
    const changed = await world.until(async () => {
      const runs = await world.runs('demo')
      const late = runs.filter(({ run }) => Date.parse(run) >= deployedAt + 120_000)
      return late.length >= 4 ? late : undefined
    })
    expect(changed.map(({ payload }) => payload)).toEqual(changed.map(() => ({ max_len: 1 })))
    const ticks = changed.map(({ run }) => Date.parse(run))
    expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index * 20_000))
  })

  it('fires no more of a task that was taken out', async () => {
    service.edit((text) => text.replace(/ {2}nightly:.*/s, ''))
    await service.sls(world.engine.endpoint, 'deploy')
    expect(await scheduled()).toEqual(['demo'])
  })

  async function scheduled(): Promise<string[]> {
    const group = new ListSchedulesCommand({ GroupName: world.names.scheduleGroup })
    const { Schedules = [] } = await world.scheduler.send(group)
    return Schedules.map(({ Name = '' }) => Name)
  }

  it('leaves nothing behind after `sls remove`', async () => {
    expect(world.warnings).toEqual([])
    await world.during(service.sls(world.engine.endpoint, 'remove'))
    const { names, logs, lambda, scheduler, sqs } = world
    const left = {
      tables: (await world.rawDynamoDb.send(new ListTablesCommand({}))).TableNames,
      buckets: (await world.s3.send(new ListBucketsCommand({}))).Buckets ?? [],
      queues: (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
      functions: (await lambda.send(new ListFunctionsCommand({}))).Functions,
      groups: (await logs.send(new DescribeLogGroupsCommand({}))).logGroups,
      schedules: (await scheduler.send(new ListSchedulesCommand({}))).Schedules,
    }
    expect(left).toEqual({ tables: [], buckets: [], queues: [], functions: [], groups: [], schedules: [] })
    const stack = new DescribeStacksCommand({ StackName: names.prefix })
    await expect(world.cloudFormation.send(stack)).rejects.toThrow('does not exist')
  })
})
