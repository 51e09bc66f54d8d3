import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import * as z from 'zod/mini'
import { Report } from '../../../core/protocol/report'
import type { Session } from '../../session'
import { namesIn } from './names'

/** Milliseconds between two looks. */
export const POLL = 1000
/** In a row, of the queue that the results come to. */
const MOST_FAILURES = 5

/** Lambda's report with the function that it is of, which our handlers have no use for. */
const NamedReport = z.extend(Report, {
  requestContext: z.extend(Report.shape.requestContext, { functionArn: z.string() }),
})

/** What the probe's functions and schedules send to its results queue. */
const Heard = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tick'), schedule: z.string(), at: z.string() }),
  z.object({
    kind: z.literal('delivery'),
    delivery: z.object({
      messageType: z.string(),
      logStream: z.string(),
      logEvents: z.array(z.object({ message: z.string() })),
    }),
  }),
  z.object({ kind: z.literal('report'), report: NamedReport }),
  z.object({ kind: z.literal('blocked'), requestId: z.string() }),
  z.object({ kind: z.literal('hop'), hop: z.int() }),
  z.object({ kind: z.literal('foreign'), hop: z.int() }),
  z.object({
    kind: z.literal('streams'),
    created: z.int(),
    refusals: z.array(z.string()),
    creationTime: z.optional(z.number()),
    before: z.number(),
    readable: z.boolean(),
    readAfter: z.number(),
  }),
])
type Heard = z.infer<typeof Heard>
export type Of<Kind extends Heard['kind']> = Extract<Heard, { kind: Kind }>

/** It did not come in time: a result of its own, because AWS may only have been slow. */
export class NotSeen extends Error {}

/** What a probe can do in the stack of the probes and what it hears from there. */
export class ProbeWorld {
  readonly names: ReturnType<typeof namesIn>
  readonly #heard: Heard[] = []
  /** Address of the queue. */
  #results: string | undefined

  constructor(
    readonly session: Session,
    readonly name: string,
    readonly signal: AbortSignal,
  ) {
    this.names = namesIn(name)
  }

  now(): number {
    return this.session.now()
  }

  pause(): Promise<void> {
    return sleep(POLL, undefined, { signal: this.signal })
  }

  async pass(seconds: number): Promise<void> {
    const end = this.now() + seconds * 1000
    while (this.now() < end) await this.pause()
  }

  /**
   * Takes what has come, until `over` says so.
   *
   * @throws what SQS answers, where it does so time and again
   */
  async listen(over: () => boolean): Promise<void> {
    for (let failures = 0; !over(); ) {
      try {
        if ((await this.#take()) === 0) await this.pause()
        failures = 0
      } catch (error) {
        if (this.signal.aborted || ++failures > MOST_FAILURES) throw error
        await this.pause()
      }
    }
  }

  /** Gives how many messages there were. */
  async #take(): Promise<number> {
    const { clients } = this.session
    const { sqs } = clients
    this.#results ??= await clients.queueUrl(this.names.results)
    const QueueUrl = this.#results
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    for (const { Body = '' } of Messages) {
      const heard = Heard.safeParse(JSON.parse(Body))
      if (heard.success) this.#heard.push(heard.data)
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    return Entries.length
  }

  heard<Kind extends Heard['kind']>(kind: Kind): Of<Kind>[] {
    return this.#heard.filter((one): one is Of<Kind> => one.kind === kind)
  }

  /**
   * What `find` gives as soon as it gives something.
   *
   * @throws {NotSeen} after `seconds`, with what had come by then
   */
  async wait<T>(
    seconds: number,
    find: () => T | undefined,
    soFar: () => string = () => 'nothing came',
  ): Promise<T> {
    const end = this.now() + seconds * 1000
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (this.now() >= end) throw new NotSeen(`${soFar()} within ${seconds} s`)
      await this.pause()
    }
  }

  /** Asynchronously, as the dispatcher does. Gives the request id, by which the report names it. */
  async invoke(fn: string, payload: Record<string, unknown>, Qualifier?: string): Promise<string> {
    const { $metadata } = await this.session.clients.lambda.send(
      new InvokeCommand({
        FunctionName: this.names.fn(fn),
        ...(Qualifier === undefined ? {} : { Qualifier }),
        InvocationType: 'Event',
        Payload: JSON.stringify(payload),
      }),
    )
    return $metadata.requestId ?? ''
  }

  /** Lambda's report of an invocation. */
  report(requestId: string, seconds: number): Promise<Of<'report'>['report']> {
    return this.wait(
      seconds,
      () => this.heard('report').find(({ report }) => report.requestContext.requestId === requestId)?.report,
      () => 'no report came',
    )
  }
}
