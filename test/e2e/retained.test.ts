import { DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import type { Finding } from '../../lib/commands/check/finding'
import { Session } from '../../lib/commands/session'
import { COMMANDS } from '../../lib/commands/table'
import type { RunRecord } from '../../lib/core/protocol/record'
import { FakeIo } from '../commands/support/io'
import { clientConfig } from '../support/engine'
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
      { say: { handler: 'targets/say.handler' }, flaky: { handler: 'targets/flaky.handler' } },
      {
        slow: { function: 'say', payload: { lines: ['here'], seconds: 20 }, overlap: 'queue' },
        again: {
          function: 'flaky',
          payload: { failures: 1 },
          retry: { attempts: 2, delay: 60 },
          overlap: 'queue',
        },
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

  /** One run that is RUNNING and one that is RETRYING, each with one that waits for it; then the stack is removed. */
  async function removeAmidst() {
    const retrying = await world.fire('again')
    await world.until(async () => (await status('again', retrying)) === 'RETRYING')
    const running = await world.fire('slow')
    await world.until(async () => (await status('slow', running)) === 'RUNNING')
    await world.advance(1000)
    const [first, second] = [await world.fire('slow'), await world.fire('again')]
    await world.until(async () => (await status('again', second)) === 'QUEUED')
    expect(await status('slow', first)).toBe('QUEUED')
    await service.sls(world.engine.endpoint, 'remove')
    return { slow: [running, first], again: [retrying, second] }
  }

  async function check(options: { repair?: boolean } = {}): Promise<string[]> {
    const { endpoint } = world.engine
    const where = { service: 'kept', stage: 'dev', region: 'us-east-1', program: 'sls tasks', again: '' }
    const io = new FakeIo()
    const session = new Session({ ...where, config: clientConfig(endpoint) }, io, () => world.clock.now())
    try {
      await world.during(COMMANDS.check.run(session, { ...options, json: true }))
      return (io.json() as Finding[]).map(({ code, task }) => `${code} ${task}`).sort()
    } finally {
      session.close()
    }
  }

  /** Each run with what became of it, once all have ended. */
  async function ended(task: 'slow' | 'again', keys: string[]) {
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
    const runs = await removeAmidst()
    const [running] = await world.runs('slow')
    await world.until(async () => (await world.stream(running as RunRecord)).end)
    await world.advance(HOUR)
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

    expect(await check()).toEqual(['slot-stuck again', 'slot-stuck slow'])
    await check({ repair: true })
    // What ran at the removal still wrote its end record, into the log group that was kept.
    expect(await ended('slow', runs.slow)).toEqual(['SUCCEEDED 1', 'SUCCEEDED 1'])
    expect(await ended('again', runs.again)).toEqual(['SUCCEEDED 2', 'SUCCEEDED 2'])
    for (const task of ['slow', 'again']) expect((await world.lock(task)).slots).toEqual({})
    expect(await check()).toEqual([])
  })

  it('is also healed by the next tick of each task', async () => {
    const runs = await removeAmidst()
    await world.advance(HOUR)
    await deploy()
    const next = { slow: await world.fire('slow'), again: await world.fire('again') }
    // This time the body did not come to its end.
    const slow = await ended('slow', [...runs.slow, next.slow])
    expect(slow).toEqual(['FAILED 1', 'SUCCEEDED 1', 'SUCCEEDED 1'])
    expect((await world.runs('slow')).find(({ run }) => run === runs.slow[0])?.reason).toBe('lost-end')
    expect(await ended('again', [...runs.again, next.again])).toEqual(Array(3).fill('SUCCEEDED 2'))
  })
})
