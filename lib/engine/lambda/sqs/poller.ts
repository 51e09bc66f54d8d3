import { randomUUID } from 'node:crypto'
import type { Message } from '@aws-sdk/client-sqs'
import { ApiError, type ServiceContext } from '../../api'
import type { Pool } from '../execution/pool'
import type { Mapping, Store } from '../store'
import { newTraceId } from '../trace'
import { eventOf, failuresOf } from './records'
import type { SourceQueue } from './source-queue'

/** Batches at once without MaximumConcurrency. Lambda starts with five and scales up; a machine stays there. */
const DEFAULT_CONCURRENCY = 5
const LONG_POLL = 20
const SECOND = 1000
const LONGEST_BACKOFF = 60 * SECOND

/** One event source mapping at work: takes batches from its queue and invokes its function with them. */
export class Poller {
  private readonly abort = new AbortController()
  private readonly batches = new Set<Promise<void>>()
  private readonly loop: Promise<void>
  private backoff = SECOND

  constructor(
    private readonly context: ServiceContext,
    private readonly store: Store,
    private readonly pool: Pool,
    private readonly queue: SourceQueue,
    private readonly mapping: Mapping,
  ) {
    this.loop = this.run()
  }

  /** Takes no further batch; resolves when those under way are over. */
  async stop(): Promise<void> {
    this.abort.abort()
    await this.loop
    await Promise.all(this.batches)
  }

  private async run(): Promise<void> {
    const most = this.mapping.maximumConcurrency ?? DEFAULT_CONCURRENCY
    while (!this.stopped) {
      if (this.batches.size >= most) {
        await Promise.race(this.batches)
        continue
      }
      try {
        const messages = await this.collect()
        this.backoff = SECOND
        if (messages.length > 0 && !this.stopped) this.start(messages)
      } catch {
        // The queue is not there, or not yet; a mapping outlives its queue on AWS too.
        await this.wait(this.backoff)
        this.backoff = Math.min(this.backoff * 2, LONGEST_BACKOFF)
      }
    }
  }

  /** A full batch, or what has come until the window is over. */
  private async collect(): Promise<Message[]> {
    const { batchSize, batchingWindow } = this.mapping
    const messages = await this.queue.receive(batchSize, LONG_POLL, this.abort.signal)
    if (messages.length === 0 || batchingWindow === 0) return messages
    const end = this.context.clock.now() + batchingWindow * SECOND
    while (messages.length < batchSize && this.context.clock.now() < end && !this.stopped) {
      const left = (end - this.context.clock.now()) / SECOND
      const wait = Math.min(1, Math.ceil(left))
      messages.push(...(await this.queue.receive(batchSize - messages.length, wait, this.abort.signal)))
    }
    return messages
  }

  private start(messages: Message[]): void {
    const batch = this.process(messages, this.context.clock.now())
      .catch((error: Error) => {
        if (!this.stopped) this.context.warn(`a batch of ${this.queue.arn} failed: ${error.message}`)
      })
      .finally(() => this.batches.delete(batch))
    this.batches.add(batch)
  }

  /** Deletes what the function took. The rest comes back when its visibility timeout is over. */
  private async process(messages: Message[], receivedAt: number): Promise<void> {
    const answer = await this.invoke(messages, receivedAt)
    if (answer === 'given up' || answer.functionError !== undefined) return
    const failures = this.mapping.reportsBatchItemFailures ? failuresOf(answer.payload, messages) : new Set()
    if (failures === 'all') return
    await this.queue.delete(messages.filter(({ MessageId }) => !failures.has(MessageId)))
  }

  /** A throttled batch is tried again as long as its messages are ours. */
  private async invoke(messages: Message[], receivedAt: number) {
    const { functionName, qualifier, queueArn } = this.mapping
    const payload = eventOf(messages, queueArn)
    const traceId = messages[0]?.Attributes?.AWSTraceHeader ?? newTraceId(this.context.clock.now())
    for (let wait = SECOND; ; wait *= 2) {
      const resolved = this.store.resolve({ name: functionName, qualifier })
      try {
        return await this.pool.run(resolved, {
          requestId: randomUUID(),
          payload,
          invokedArn: resolved.arn,
          traceId,
        })
      } catch (error) {
        const code = error instanceof ApiError ? error.code : undefined
        // It comes back until its queue gives it up (Developer Guide, invocation-recursion).
        if (code === 'RecursiveInvocationException') return 'given up'
        if (code !== 'TooManyRequestsException') throw error
        const end = receivedAt + (await this.queue.visibilityTimeout()) * SECOND
        if (this.stopped || this.context.clock.now() + wait >= end) return 'given up'
        await this.wait(wait)
      }
    }
  }

  private wait(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const { signal } = this.abort
      const over = () => {
        timer.cancel()
        signal.removeEventListener('abort', over)
        resolve()
      }
      const timer = this.context.clock.at(this.context.clock.now() + ms, over)
      signal.addEventListener('abort', over)
    })
  }

  private get stopped(): boolean {
    return this.abort.signal.aborted
  }
}
