import { gzipSync } from 'node:zlib'
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import {
  InvokeCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { GetScheduleCommand } from '@aws-sdk/client-scheduler'
import { ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import { type Message, SCHEDULED_TIME_PLACEHOLDER, type TickMessage } from '../../lib/core/message'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

/** As the queue is deployed. */
const MAX_RECEIVES = 10

jest.setTimeout(60_000)

describe('what should never come', () => {
  let service: TestService
  let world: World
  let tick: TickMessage

  const say = { function: 'say', overlap: 'queue' as const, payload: { lines: ['good'] } }

  beforeAll(async () => {
    world = await startWorld('poison')
    service = targetsService(
      'poison',
      { say: { handler: 'targets/say.handler' } },
      { good: say, better: { ...say, concurrency: 3 } },
    )
    await service.sls(world.engine.endpoint, 'deploy')
    const schedule = new GetScheduleCommand({ GroupName: world.names.scheduleGroup, Name: 'good' })
    tick = JSON.parse((await world.scheduler.send(schedule)).Target?.Input ?? '') as TickMessage
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  const now = () => new Date(world.clock.now()).toISOString()
  const invocations = async (of: 'say' | 'slipstreamDispatcher', filterPattern: string) => {
    const found: string[] = []
    const input = { logGroupName: `/aws/lambda/poison-dev-${of}`, filterPattern }
    for await (const { events = [] } of paginateFilterLogEvents({ client: world.logs }, input)) {
      found.push(...events.map(({ message = '' }) => message))
    }
    return found
  }

  it('a poisoned message fails alone and ends among the dead letters; the others of its batch are done once', async () => {
    const good: Message[] = [
      { ...tick, scheduledAt: now() },
      { ...tick, task: 'better', scheduledAt: now() },
      // Twice the same, as SQS may bring it.
      { ...tick, task: 'better', scheduledAt: now() },
      // Of a task that was taken out, and of a run that nobody knows.
      { kind: 'deadline', task: 'gone', run: now(), notBefore: 0 },
      { kind: 'next', task: 'good', run: '2020-01-01T00:00:00.000Z' },
    ]
    const poisoned = [
      'this is not JSON',
      JSON.stringify({ kind: 'tick', task: 'good', scheduledAt: now() }),
      JSON.stringify({ ...tick, scheduledAt: SCHEDULED_TIME_PLACEHOLDER }),
    ]
    await inOneBatch([...poisoned, ...good.map((message) => JSON.stringify(message))])

    const explain = async () => [await world.runs('good'), await world.runs('better')]
    const [first, second] = await world.until(
      async () => {
        const runs = [...(await world.runs('good')), ...(await world.runs('better'))]
        return runs.length === 2 && runs.every(({ finishedAt }) => finishedAt) ? runs : undefined
      },
      { limit: 30_000, explain },
    )
    await world.until(async () => (await world.deadLetters()) === poisoned.length, {
      // Longer steps than a dispatcher may take cost nothing but a receive.
      step: 4000,
      limit: (MAX_RECEIVES + 2) * 60_000,
      explain: () => world.deadLetters(),
    })

    for (const run of [first, second]) expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1 })
    expect(await world.runs('good')).toEqual([first])
    expect(await world.runs('better')).toEqual([second])
    expect(await invocations('say', '"START RequestId"')).toHaveLength(2)

    const { Messages = [] } = await world.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: world.queueUrl(world.names.deadLetterQueue),
        MaxNumberOfMessages: 10,
      }),
    )
    expect(Messages.map(({ Body }) => Body).sort()).toEqual([...poisoned].sort())
    const lines = await invocations('slipstreamDispatcher', '"message failed"')
    const told = new Set(lines.map((line) => JSON.parse(line).error.message))
    expect([...told]).toEqual([
      expect.stringMatching(/^not JSON/),
      expect.stringMatching(/^definition: /),
      expect.stringContaining(`${SCHEDULED_TIME_PLACEHOLDER} was not replaced`),
    ])
  })

  /** All there before the dispatcher's mapping looks. */
  async function inOneBatch(bodies: string[]): Promise<void> {
    const mappings = new ListEventSourceMappingsCommand({ FunctionName: 'poison-dev-slipstreamDispatcher' })
    const [mapping] = (await world.lambda.send(mappings)).EventSourceMappings ?? []
    const enable = (Enabled: boolean) =>
      world.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }))
    await enable(false)
    await world.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: world.queueUrl(world.names.queue),
        Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    )
    await enable(true)
  }

  it('the checker changes nothing for garbage, control messages and what comes again', async () => {
    const { record, all } = await world.runOnce('good')
    const batch = (changes: object) => ({
      awslogs: {
        data: gzipSync(
          JSON.stringify({
            messageType: 'DATA_MESSAGE',
            owner: '000000000000',
            logGroup: record.logGroup,
            logStream: record.logStream,
            subscriptionFilters: ['filter'],
            logEvents: all.map((message, index) => ({ id: String(index), timestamp: 0, message })),
            ...changes,
          }),
        ).toString('base64'),
      },
    })
    const event = (message: string) => ({ logEvents: [{ id: '0', timestamp: 0, message }] })
    const error = '{"slipstream":"error","verdict":{"rule":"ERROR","line":1,"text":"ERROR"}}'
    const harmless = [
      null,
      'text',
      [],
      {},
      { awslogs: null },
      { awslogs: { data: 'neither base64 nor gzip' } },
      { requestContext: {} },
      batch({ messageType: 'CONTROL_MESSAGE', logEvents: event(error).logEvents }),
      batch({}),
      batch({ logEvents: [] }),
      batch(event('End Request')),
      batch(event('{"slipstream":"end"}')),
      batch({ logStream: 'a stream of somebody else', ...event(error) }),
      batch({ logStream: record.logStream?.replace(/.{6}$/, 'zzzzzz'), ...event(error) }),
      batch({ logGroup: '/slipstream/another-dev', ...event(error) }),
    ]
    for (const payload of harmless) expect([payload, await check(payload)]).toEqual([payload, undefined])

    expect((await world.runs('good')).at(-1)).toEqual(record)
  })

  /** Gives the function error. */
  async function check(payload: unknown): Promise<string | undefined> {
    const invoke = new InvokeCommand({
      FunctionName: 'poison-dev-slipstreamChecker',
      Payload: JSON.stringify(payload),
    })
    return (await world.during(world.lambda.send(invoke))).FunctionError
  }
})
