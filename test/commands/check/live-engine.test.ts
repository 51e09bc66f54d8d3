import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { ListScheduleGroupsCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler'
import { DeleteQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs'
import { PROBES } from '../../../lib/commands/check/live/probes'
import type { ProbeReport } from '../../../lib/commands/check/live/report'
import type { Options } from '../../../lib/commands/options'
import type { Session } from '../../../lib/commands/session'
import { COMMANDS } from '../../../lib/commands/table'
import { built } from '../../../lib/paths'
import { startWorld, type World } from '../../e2e/support/world'
import { FakeIo } from '../support/io'
import { sessionAt } from '../support/session'

/** Real milliseconds that a second of the moved clock takes at least. */
const PACE = 100

jest.setTimeout(180_000)

describe('check --live', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld('none')
  })
  afterAll(() => world?.close())

  /**
   * Moves the clock until `work` is over. The probe's functions start while nothing tells of it, and each second that
   * passes counts against the time in which they must be heard.
   */
  async function slowly<T>(work: Promise<T>): Promise<T> {
    let over = false
    const end = () => {
      over = true
    }
    work.then(end, end)
    while (!over) {
      await world.advance(1000)
      await sleep(PACE)
    }
    return work
  }

  /** `on` is told each word that the command says, with its session. */
  async function live(options: Options<'check'>, on: (text: string, session: Session) => void = () => {}) {
    const io = new FakeIo()
    const session = sessionAt(world.engine.endpoint, io, () => world.clock.now(), { service: 'none' })
    io.say = (text) => {
      io.talk.push(text)
      on(text, session)
    }
    try {
      const code = await slowly(COMMANDS.check.run(session, { live: true, ...options }))
      return { code, io }
    } finally {
      session.close()
    }
  }

  /** What of the account is there. */
  async function left(): Promise<unknown[]> {
    const { Stacks = [] } = await world.cloudFormation.send(new DescribeStacksCommand({}))
    const { logGroups = [] } = await world.logs.send(new DescribeLogGroupsCommand({}))
    const { EventSourceMappings = [] } = await world.lambda.send(new ListEventSourceMappingsCommand({}))
    const { ScheduleGroups = [] } = await world.scheduler.send(new ListScheduleGroupsCommand({}))
    const { Schedules = [] } = await world.scheduler.send(new ListSchedulesCommand({}))
    const { QueueUrls = [] } = await world.sqs.send(new ListQueuesCommand({}))
    return [
      ...Stacks.map(({ StackName }) => StackName),
      ...logGroups.map(({ logGroupName }) => logGroupName),
      ...EventSourceMappings.map(({ UUID }) => UUID),
      ...ScheduleGroups.map(({ Name }) => Name).filter((name) => name !== 'default'),
      ...Schedules.map(({ Name }) => Name),
      ...QueueUrls,
    ]
  }

  it('says its cost, and makes nothing where nobody agrees', async () => {
    await expect(live({})).rejects.toMatchObject({ code: 'USAGE', message: /--yes is missing/ })
    expect(await left()).toEqual([])
  })

  it('sees every behaviour that Slipstream expects, and leaves nothing behind', async () => {
    const { code, io } = await live({ yes: true, json: true })
    const report = io.json() as ProbeReport
    const unexpected = report.probes.filter(({ result }) => result !== 'as-expected')
    expect(unexpected).toEqual([])
    expect(report).toMatchObject({ region: 'us-east-1', removed: true })
    expect(report.probes.map(({ name }) => name).sort()).toEqual(PROBES.map(({ name }) => name).sort())
    expect(JSON.stringify(report)).not.toContain('000000000000')
    expect(code).toBe(0)
    expect(io.talk[1]).toContain('less than 0.01 US dollar')
    expect(await left()).toEqual([])
  })

  it('removes what it made when it is interrupted', async () => {
    const { code, io } = await live({ yes: true }, (text, session) => {
      if (text === 'Trying …') session.onInterrupt?.()
    })
    expect(code).toBe(130)
    expect(io.talk.at(-1)).toBe('Removing the stack …')
    expect(await left()).toEqual([])
  })

  it('removes what it made when it fails on the way', async () => {
    let url = ''
    const failing = live({ yes: true }, (text) => {
      const [name] = /slipstream-probe-\w+/.exec(text) ?? []
      if (name !== undefined) url = world.queueUrl(`${name}-results`)
      if (text === 'Trying …') void world.sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    })
    await expect(failing).rejects.toThrow(/queue/)
    expect(await left()).toEqual([])
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends at %s with exit code 130, when what it made is gone',
    async (signal) => {
      const child = spawn(
        process.execPath,
        [built('lib', 'bin.js'), 'check', '--live', '--yes', '--service', 'none', '--region', 'us-east-1'],
        {
          env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: world.engine.endpoint },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      let talk = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (!talk.includes('Trying …') && (talk + text).includes('Trying …')) child.kill(signal)
        talk += text
      })
      const code = await slowly(ended)
      expect({ code, talk }).toMatchObject({
        code: 130,
        talk: expect.stringContaining('Removing the stack …'),
      })
      expect(await left()).toEqual([])
    },
  )
})
