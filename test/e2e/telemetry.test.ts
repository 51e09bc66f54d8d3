import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

const SECRET = 'hunter2-of-the-payload'

jest.setTimeout(60_000)

describe('what our own functions write, at their lowest level and with metrics of each task', () => {
  let service: TestService
  let world: World
  let lines: Record<string, unknown>[]
  beforeAll(async () => {
    world = await startWorld('told')
    service = targetsService(
      'told',
      { say: { handler: 'targets/say.handler' }, flaky: { handler: 'targets/flaky.handler' } },
      {
        good: { function: 'say', payload: { lines: [SECRET], password: SECRET } },
        bad: { function: 'say', payload: { lines: [`ERROR ${SECRET}`] } },
        again: {
          function: 'flaky',
          payload: { failures: 1, password: SECRET },
          retry: { attempts: 2, delay: 5 },
        },
        slow: { function: 'say', payload: { seconds: 10, password: SECRET }, overlap: 'queue' },
      },
    )
    service.edit((text) =>
      JSON.stringify({
        ...JSON.parse(text),
        slipstream: { metrics: { byTask: true }, logLevel: 'DEBUG' },
      }),
    )
    await service.sls(world.engine.endpoint, 'deploy')
    for (const task of ['good', 'bad', 'again']) await world.runOnce(task)
    await world.fire('slow')
    await world.advance(1000)
    await world.runOnce('slow')
    for (const MessageBody of [`{"kind":"tick","password":"${SECRET}"}`, SECRET])
      await world.sqs.send(
        new SendMessageCommand({ QueueUrl: world.queueUrl(world.names.queue), MessageBody }),
      )
    await world.until(
      async () => (await read()).filter(({ message }) => message === 'message failed').length > 1,
    )
    lines = await read()
  })
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  async function read(): Promise<Record<string, unknown>[]> {
    const found: string[] = []
    for (const name of [world.names.dispatcher, world.names.checker]) {
      const logGroupName = `/aws/lambda/${name}`
      const { logStreams = [] } = await world.logs.send(new DescribeLogStreamsCommand({ logGroupName }))
      for (const { logStreamName } of logStreams)
        found.push(...(await world.lines(logGroupName, logStreamName)))
    }
    return found.map((line) => JSON.parse(line))
  }

  it('has nothing of a payload, of a log or of an error of the user', () => {
    expect(lines.length).toBeGreaterThan(20)
    expect(JSON.stringify(lines)).not.toContain(SECRET)
    expect(JSON.stringify(lines)).not.toContain('attempt 1 fails')
  })

  it('names task, run and attempt in each line about a run', async () => {
    const [run] = await world.runs('again')
    const told = lines.filter(({ message, task }) => /^run is /.test(String(message)) && task === 'again')
    expect(told.map(({ level, message, attempt }) => [level, message, attempt]).sort()).toEqual([
      ['INFO', 'run is RETRYING', 1],
      ['INFO', 'run is RUNNING', 1],
      ['INFO', 'run is RUNNING', 2],
      ['INFO', 'run is SUCCEEDED', 2],
    ])
    for (const line of told) expect(line).toMatchObject({ run: run?.run, service: 'told-dev' })
    for (const line of lines.filter(({ message }) => message === 'judged'))
      expect(line).toMatchObject({
        level: 'DEBUG',
        task: expect.any(String),
        run: expect.any(String),
        attempt: expect.any(Number),
      })
    for (const line of lines.filter(({ message }) => message === 'message handled'))
      expect(line).toMatchObject({ level: 'DEBUG', task: expect.any(String), messageId: expect.any(String) })
  })

  it('counts and measures the runs of each task', () => {
    const measured = lines.filter((line) => '_aws' in line)
    for (const { _aws } of measured)
      expect(_aws).toMatchObject({
        CloudWatchMetrics: [{ Namespace: 'Slipstream', Dimensions: [['service', 'task']] }],
      })
    const sum = (task: string, name: string) =>
      measured
        .filter((line) => line['task'] === task && line[name] !== undefined)
        .reduce((total, line) => total + (line[name] as number), 0)
    expect([sum('good', 'Succeeded'), sum('good', 'Failed')]).toEqual([1, 0])
    expect([sum('bad', 'Succeeded'), sum('bad', 'Failed')]).toEqual([0, 1])
    expect([sum('again', 'Retried'), sum('again', 'Succeeded')]).toEqual([1, 1])
    expect(sum('slow', 'Succeeded')).toBe(2)
    expect(sum('slow', 'Duration')).toBeGreaterThanOrEqual(20_000)
    const waiting = measured.filter(({ task }) => task === 'slow').flatMap((line) => line['Waiting'] ?? [])
    expect(waiting.sort()).toEqual([0, 1])
    expect(measured.some((line) => line['task'] === 'good' && line['StartDelay'] !== undefined)).toBe(true)
  })
})
