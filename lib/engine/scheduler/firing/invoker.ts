import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { MINUTE, SECOND } from '../../../core/schedule/schedule'
import type { ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import { StateFile } from '../../state-file'
import type { Invocation } from '../store/schedule'
import { messageOf, newExecutionId, scheduledTime } from './message'
import { Sender } from './sender'

/** "Exponential backoff" is all that AWS says of the pauses between retries. */
const FIRST_PAUSE = SECOND
const LONGEST_PAUSE = 5 * MINUTE
/** Of an unset retry policy (recorded from GetSchedule). */
export const RETRIES = 185
export const EVENT_AGE = 86_400

type SdkError = Error & { $metadata?: { httpStatusCode?: number } }

/** Brings ticks to their targets: tries, retries, and what fails for good to the dead-letter queue. */
export class Invoker {
  private readonly sender: Sender
  private readonly file: StateFile<Invocation[]>
  private readonly pending: Map<string, Invocation>
  private readonly timers = new Map<string, Timer>()
  private readonly running = new Set<Promise<void>>()
  private closed = false

  constructor(private readonly service: ServiceContext) {
    this.sender = new Sender(service)
    this.file = new StateFile<Invocation[]>(join(service.dataDir, 'invocations.json'), () => [])
    this.pending = new Map(this.file.load().map((invocation) => [invocation.id, invocation]))
    for (const invocation of this.pending.values()) this.schedule(invocation)
  }

  /** Resolves after the first try. The tick is written down when this returns, so a kill does not lose it. */
  invoke(tick: Pick<Invocation, 'scheduleArn' | 'target' | 'scheduledAt'>): Promise<void> {
    const now = this.service.clock.now()
    const invocation: Invocation = { ...tick, id: randomUUID(), attempt: 1, since: now, due: now }
    this.pending.set(invocation.id, invocation)
    this.save()
    return this.start(invocation)
  }

  /** What is under way is tried again after the next start. */
  async close(): Promise<void> {
    this.closed = true
    for (const timer of this.timers.values()) timer.cancel()
    this.sender.close()
    await Promise.all(this.running)
  }

  private start(invocation: Invocation): Promise<void> {
    const attempt = this.attempt(invocation).finally(() => this.running.delete(attempt))
    this.running.add(attempt)
    return attempt
  }

  private async attempt(invocation: Invocation): Promise<void> {
    const executionId = newExecutionId()
    const message = messageOf(invocation, executionId, this.service.region)
    try {
      await this.sender.send(invocation.target, message)
    } catch (error) {
      if (!this.closed) await this.failed(invocation, executionId, message, error as SdkError)
      return
    }
    this.forget(invocation)
  }

  private async failed(
    invocation: Invocation,
    executionId: string,
    message: string,
    error: SdkError,
  ): Promise<void> {
    const exhausted = isRetryable(error) ? this.retry(invocation) : 'not retryable'
    if (exhausted === undefined) return
    const queue = invocation.target.DeadLetterConfig?.Arn
    const lost = `scheduler: the tick ${scheduledTime(invocation)} of ${invocation.scheduleArn} did not reach ${invocation.target.Arn}`
    if (queue === undefined) {
      this.service.warn(`${lost}: ${error.message}`)
    } else {
      try {
        await this.sender.deadLetter(queue, message, {
          ERROR_CODE: error.name,
          ERROR_MESSAGE: error.message,
          EXECUTION_ID: executionId,
          ...(exhausted !== 'not retryable' && { EXHAUSTED_RETRY_CONDITION: exhausted }),
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: String(invocation.attempt - 1),
          SCHEDULED_TIME: scheduledTime(invocation),
          SCHEDULE_ARN: invocation.scheduleArn,
          TARGET_ARN: invocation.target.Arn ?? '',
        })
      } catch (second) {
        if (this.closed) return
        this.service.warn(`${lost}, nor its dead-letter queue: ${(second as Error).message}`)
      }
    }
    this.forget(invocation)
  }

  /** Plans the next try, or says which limit of the retry policy forbids one. */
  private retry(invocation: Invocation): 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined {
    const { MaximumRetryAttempts = RETRIES, MaximumEventAgeInSeconds = EVENT_AGE } =
      invocation.target.RetryPolicy ?? {}
    if (invocation.attempt > MaximumRetryAttempts) return 'MaximumRetryAttempts'
    const due =
      this.service.clock.now() + Math.min(FIRST_PAUSE * 2 ** (invocation.attempt - 1), LONGEST_PAUSE)
    if (due > invocation.since + MaximumEventAgeInSeconds * SECOND) return 'MaximumEventAgeInSeconds'
    const next = { ...invocation, attempt: invocation.attempt + 1, due }
    this.pending.set(next.id, next)
    this.save()
    this.schedule(next)
    return undefined
  }

  private schedule(invocation: Invocation): void {
    const fire = () => {
      this.timers.delete(invocation.id)
      void this.start(invocation)
    }
    this.timers.set(invocation.id, this.service.clock.at(invocation.due, fire))
  }

  private forget({ id }: Invocation): void {
    this.pending.delete(id)
    this.save()
  }

  private save(): void {
    this.file.save([...this.pending.values()])
  }
}

/** Throttling, a failure of the service, or no answer at all. */
function isRetryable({ $metadata }: SdkError): boolean {
  const status = $metadata?.httpStatusCode
  return status === undefined || status === 429 || status >= 500
}
