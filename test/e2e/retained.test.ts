import { DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import type { Finding } from '../../lib/commands/check/finding'
import { COMMANDS } from '../../lib/commands/table'
import type { RunRecord } from '../../lib/core/protocol/record'
import { FakeIo } from '../commands/support/io'
import { sessionAt } from '../commands/support/session'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

const HOUR = 60 * 60_000

jest.setTimeout(120_000)

describe('a stack that is removed with runs on their way, its records retained, and deployed again', () => {
  let service: TestService
  let world: World
  beforeAll(async () => {
    world = await startWorld('kept')
    service = targetsService(
      'kept',
      {
        say: { handler: 'targets/say.handler' },
        flaky: { handler: 'targets/flaky.handler' },
        busy: { handler: 'targets/busy.handler' },
      },
      {
        slow: { function: 'say', payload: { lines: ['here'], seconds: 20 }, overlap: 'queue' },
        again: {
          function: 'flaky',
          payload: { failures: 1 },
          retry: { attempts: 2, delay: 60 },
          overlap: 'queue',
        },
        killed: { function: 'busy' },
      },
    )
    service.edit((text) => JSON.stringify({ ...JSON.parse(text), slipstream: { retain: true } }))
    await deploy()
  })
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  const deploy = () => service.sls(world.engine.endpoint, 'deploy')
  const status = async (task: string, run: string) =>
    (await world.runs(task)).find((one) => one.run === run)?.status

  /** One run that is RUNNING and one that is RETRYING, each with one that waits for it. */
  async function runAmidst() {
    const retrying = await world.fire('again')
    await world.until(async () => (await status('again', retrying)) === 'RETRYING')
    const running = await world.fire('slow')
    await world.until(async () => (await status('slow', running)) === 'RUNNING')
    await world.advance(1000)
    const [first, second] = [await world.fire('slow'), await world.fire('again')]
    await world.until(async () => (await status('again', second)) === 'QUEUED')
    expect(await status('slow', first)).toBe('QUEUED')
    return { slow: [running, first], again: [retrying, second] }
  }

  /** Removes the stack while `run` is running, and lets it come to its end and an hour pass. */
  async function remove(run: string | undefined): Promise<void> {
    const record = (await world.runs('slow')).find((one) => one.run === run) as RunRecord
    await service.sls(world.engine.endpoint, 'remove')
    await world.until(async () => (await world.stream(record)).end)
    await world.advance(HOUR)
  }

  async function check(options: { repair?: boolean } = {}): Promise<string[]> {
    const io = new FakeIo()
    const session = sessionAt(world.engine.endpoint, io, () => world.clock.now(), { service: 'kept' })
    try {
      await world.during(COMMANDS.check.run(session, { ...options, json: true }))
      return (io.json() as Finding[]).map(({ code, task }) => `${code} ${task}`).sort()
    } finally {
      session.close()
    }
  }

  /** Each run with what became of it, once all have ended. */
  async function ended(task: 'slow' | 'again' | 'killed', keys: string[]) {
    return world.until(
      async () => {
        const runs = (await world.runs(task)).filter(({ run }) => keys.includes(run))
        if (!runs.every(({ finishedAt }) => finishedAt)) return undefined
        return runs.map(({ status, attempt }) => `${status} ${attempt}`)
      },
      { step: 5000, explain: () => world.runs(task) },
    )
  }

  it('keeps both tables, takes them over, and ends every run once it is repaired', async () => {
    const runs = await runAmidst()
    const killed = await world.fire('killed')
    await world.until(async () => (await status('killed', killed)) === 'RUNNING')
    await remove(runs.slow[0])
    const { TableNames } = await world.rawDynamoDb.send(new ListTablesCommand({}))
    expect(TableNames).toEqual([world.names.locksTable, world.names.runsTable])
    expect((await world.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([])

    await deploy()
    const StackName = 'kept-dev'
    const { Stacks: [stack] = [] } = await world.cloudFormation.send(new DescribeStacksCommand({ StackName }))
    expect(stack?.StackStatus).toBe('UPDATE_COMPLETE')
    const { StackEvents = [] } = await world.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName }),
    )
    const taken = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'IMPORT_COMPLETE')
    expect(taken.map(({ LogicalResourceId }) => LogicalResourceId).sort()).toEqual([
      'SlipstreamLocksTable',
      'SlipstreamLogGroup',
      'SlipstreamRunsTable',
    ])

    expect(await check()).toEqual(['slot-stuck again', 'slot-stuck killed', 'slot-stuck slow'])
    await check({ repair: true })
    // What ran at the removal still wrote its end record, into the log group that was kept.
    expect(await ended('slow', runs.slow)).toEqual(['SUCCEEDED 1', 'SUCCEEDED 1'])
    expect(await ended('again', runs.again)).toEqual(['SUCCEEDED 2', 'SUCCEEDED 2'])
    // A body that never came to its end.
    expect(await ended('killed', [killed])).toEqual(['FAILED 1'])
    expect((await world.runs('killed'))[0]?.reason).toBe('lost-end')
    for (const task of ['slow', 'again', 'killed']) expect((await world.lock(task)).slots).toEqual({})
    expect(await check()).toEqual([])
  })

  it('is also healed by the next tick of each task', async () => {
    const runs = await runAmidst()
    await remove(runs.slow[0])
    await deploy()
    const next = { slow: await world.fire('slow'), again: await world.fire('again') }
    expect(await ended('slow', [...runs.slow, next.slow])).toEqual(Array(3).fill('SUCCEEDED 1'))
    expect(await ended('again', [...runs.again, next.again])).toEqual(Array(3).fill('SUCCEEDED 2'))
  })
})
