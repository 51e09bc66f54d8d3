/**
 * Lambda's recursive loop detection against the longest chains that we make. Protocol, adapters and SDK are the real
 * ones; Lambda and SQS are played by this file, which hands trace headers on and counts as the engine does.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { SQSClient } from '@aws-sdk/client-sqs'
import { LambdaTargets } from '../../lib/aws/lambda-targets'
import { SqsQueue } from '../../lib/aws/sqs-queue'
import type { Definition } from '../../lib/core/definition'
import { formatRecord } from '../../lib/core/log-record'
import { type Message, readMessage } from '../../lib/core/message'
import { onMessage } from '../../lib/core/protocol/dispatch'
import type { Step, Stream } from '../../lib/core/protocol/effect'
import type { RunRecord } from '../../lib/core/protocol/record'
import { onReport } from '../../lib/core/protocol/report'
import { backfillOf } from '../../lib/core/requests'
import { DUMMY_CREDENTIALS } from '../../lib/engine/api'
import { enterFunction, newTraceId } from '../../lib/engine/lambda/trace'
import { MemoryStore } from '../../lib/ports/memory/store'
import { perform } from '../../lib/ports/perform'
import type { Logs, Ports } from '../../lib/ports/ports'
import { definitionOf, PREFIX, TASK } from '../support/world'

/** "Approximately 16 times" (Lambda Developer Guide, invocation-recursion). */
const LIMIT = 16
const TICKS = 1000
const MINUTE = 60_000

type FunctionName = 'dispatcher' | 'checker' | 'target'
/** `header`: of the chain of events that it belongs to; none where it begins one. */
type Event = { due: number; header: string | undefined } & (
  | { to: 'dispatcher'; message: Message }
  | { to: 'checker'; report: unknown }
  | { to: 'target'; payload: Record<string, unknown> }
)

/** Of an SDK's request what is looked at. */
type Call = { headers: Record<string, string>; path: string; body: string | Uint8Array }

/** Streams whose target has begun and said nothing. */
class BrokenOffLogs implements Logs {
  private readonly streams = new Map<string, string[]>()

  begin(logStream: string, requestId: string): void {
    this.streams.set(logStream, [formatRecord({ slipstream: 'start', requestId, at: '' })])
  }

  async createStream({ logStream }: Stream) {
    if (this.streams.has(logStream)) return 'exists' as const
    this.streams.set(logStream, [])
    return 'created' as const
  }

  async putLine({ logStream }: Stream, line: string) {
    this.streams.get(logStream)?.push(line)
  }

  async readStream({ logStream }: Stream) {
    return (this.streams.get(logStream) ?? []).map((message) => ({ timestamp: 0, message }))
  }
}

class Account {
  /** The most invocations of a function in one chain. */
  readonly longest: Record<FunctionName, number> = { dispatcher: 0, checker: 0, target: 0 }
  readonly stopped: FunctionName[] = []
  private now = Date.parse('2026-01-05T10:00:00.000Z')
  private readonly events: Event[] = []
  private readonly store = new MemoryStore()
  private readonly logs = new BrokenOffLogs()
  private ids = 0

  /** `allowed`: the functions with `RecursiveLoop: Allow`. `reports`: whether Lambda tells the checker of a crash. */
  constructor(private readonly options: { allowed: FunctionName[]; reports: boolean }) {}

  /** Runs ticks of the past, and gives their records when nothing more happens. */
  async backfill(definition: Definition, ticks = TICKS): Promise<RunRecord[]> {
    const requestHandler = { handle: async (request: Call) => ({ response: this.answer(request) }) }
    const config = { region: 'us-east-1', credentials: DUMMY_CREDENTIALS, requestHandler }
    const sqs = new SQSClient(config)
    const targets = new LambdaTargets(config)
    const ports: Ports = {
      store: this.store,
      queue: new SqsQueue(sqs, 'https://sqs.us-east-1.amazonaws.com/000000000000/tasks'),
      targets,
      logs: this.logs,
    }
    const stretch = {
      schedule: 'every 1 minute',
      timezone: 'UTC',
      from: this.now - ticks * MINUTE,
      to: this.now - MINUTE,
    }
    const message = backfillOf({ task: TASK, definition }, stretch, { now: this.now, salt: 0 })
    this.events.push({ to: 'dispatcher', message, due: this.now, header: undefined })
    try {
      for (let next = this.take(); next; next = this.take()) await this.deliver(next, ports)
    } finally {
      sqs.destroy()
      targets.close()
    }
    return this.store.all('runs') as RunRecord[]
  }

  /** What is due first, and the time until then is over. */
  private take(): Event | undefined {
    const due = Math.min(...this.events.map((event) => event.due))
    this.now = Math.max(this.now, due)
    const index = this.events.findIndex((event) => event.due === due)
    return index < 0 ? undefined : this.events.splice(index, 1)[0]
  }

  private async deliver(event: Event, ports: Ports): Promise<void> {
    const { header, invocations } = enterFunction(event.header ?? newTraceId(this.now), event.to)
    if (invocations > LIMIT && !this.options.allowed.includes(event.to)) {
      this.stopped.push(event.to)
      return
    }
    this.longest[event.to] = Math.max(this.longest[event.to], invocations)
    const context = { now: () => this.now, random: () => 'r', by: `id-${++this.ids}`, prefix: PREFIX }
    switch (event.to) {
      case 'dispatcher':
        await inFunction(event.to, header, onMessage(context, event.message), ports)
        return
      case 'checker':
        await inFunction(event.to, header, onReport(context, event.report as never), ports)
        return
      case 'target':
        this.crash(event.payload, header)
    }
  }

  private crash(payload: Record<string, unknown>, header: string): void {
    const requestId = `request-${++this.ids}`
    this.logs.begin(String(payload['stream_name']), requestId)
    if (!this.options.reports) return
    const report = {
      requestContext: { requestId, condition: 'RetriesExhausted' },
      requestPayload: payload,
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'exit status 1' },
    }
    this.events.push({ to: 'checker', report, due: this.now, header })
  }

  /** What the SDK would send: here nothing leaves the process. */
  private answer({ headers, path, body }: Call) {
    const header = headers['X-Amzn-Trace-Id']
    const input = JSON.parse(typeof body === 'string' ? body : Buffer.concat([body]).toString())
    const invoked = decodeURIComponent(path).includes(`/functions/${definitionOf().function}/`)
    if (invoked) this.events.push({ to: 'target', payload: input, due: this.now, header })
    else if (headers['x-amz-target'] !== 'AmazonSQS.SendMessageBatch') throw new Error(`not played: ${path}`)
    const answer = invoked ? '' : JSON.stringify(this.onSend(input.Entries, header))
    return { statusCode: invoked ? 202 : 200, headers: {}, body: Readable.from([Buffer.from(answer)]) }
  }

  private onSend(
    entries: { Id: string; MessageBody: string; DelaySeconds: number }[],
    header: string | undefined,
  ) {
    for (const { MessageBody, DelaySeconds } of entries) {
      const due = this.now + DelaySeconds * 1000
      this.events.push({ to: 'dispatcher', message: readMessage(MessageBody), due, header })
    }
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    return {
      Failed: [],
      Successful: entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: md5(MessageBody),
      })),
    }
  }
}

/** The SDK reads from these variables which function it runs in and which chain it is to pass on. */
async function inFunction(name: string, header: string, step: Step<void>, ports: Ports): Promise<void> {
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = name
  process.env['_X_AMZN_TRACE_ID'] = header
  try {
    await perform(step, ports)
  } finally {
    delete process.env['AWS_LAMBDA_FUNCTION_NAME']
    delete process.env['_X_AMZN_TRACE_ID']
  }
}

jest.setTimeout(180_000)

describe(`a backfill of ${TICKS} ticks whose target crashes each time`, () => {
  const own = definitionOf()
  const foreign = definitionOf({ foreign: true })
  const ofEach = (status: string, reason: string) => Array(TICKS).fill([status, reason])
  const outcomes = (runs: RunRecord[]) => runs.map(({ status, reason }) => [status, reason])

  test('makes chains that Lambda would stop, which a target of ours and our handlers are allowed', async () => {
    const account = new Account({ allowed: ['dispatcher', 'checker', 'target'], reports: true })
    const runs = await account.backfill(own)
    expect(outcomes(runs)).toEqual(ofEach('FAILED', 'exited'))
    expect(account.stopped).toEqual([])
    for (const name of ['target', 'checker', 'dispatcher'] as const)
      expect(account.longest[name]).toBeGreaterThan(2 * LIMIT)
  })

  test('invokes a foreign target, which is not allowed to, in a new chain each time', async () => {
    const account = new Account({ allowed: ['dispatcher', 'checker'], reports: true })
    const runs = await account.backfill(foreign)
    expect(outcomes(runs)).toEqual(ofEach('FAILED', 'exited'))
    expect(account.stopped).toEqual([])
    expect(account.longest.target).toBe(1)
  })

  test('does so too where nobody reports the crash, and one deadline after the other tells', async () => {
    const account = new Account({ allowed: ['dispatcher', 'checker'], reports: false })
    const runs = await account.backfill(foreign)
    expect(outcomes(runs)).toEqual(ofEach('FAILED', 'lost-end'))
    expect(account.stopped).toEqual([])
    expect(account.longest.target).toBe(1)
    expect(account.longest.dispatcher).toBeGreaterThan(2 * LIMIT)
  })

  test('is stopped if our functions are not allowed to', async () => {
    const account = new Account({ allowed: [], reports: true })
    const runs = await account.backfill(own)
    expect(account.stopped).toContain('dispatcher')
    expect(Math.max(...Object.values(account.longest))).toBe(LIMIT)
    expect(runs.filter(({ status }) => status === 'FAILED').length).toBeLessThan(TICKS / 2)
  })

  test('stops a foreign target if our chain is passed on to it', async () => {
    const account = new Account({ allowed: ['dispatcher', 'checker'], reports: true })
    await account.backfill(own, 100)
    expect(account.stopped).toContain('target')
  })
})
