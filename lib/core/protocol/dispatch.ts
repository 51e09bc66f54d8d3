/** What the dispatcher does for each kind of message. */
import {
  BadMessage,
  type Message,
  type RetryMessage,
  SCHEDULED_TIME_PLACEHOLDER,
  type TickMessage,
  tickTime,
} from '../message'
import { admit } from './admit'
import { onBackfill } from './backfill'
import { onDeadline, onLook } from './deadline'
import { type Context, type Step, send } from './effect'
import { guarded } from './hops'
import { readLock } from './lock'
import { isEnded, type NewRun, readRecord } from './record'
import { releaseSlot } from './release'
import { asNewRun, start, withTimeout } from './start'
import { unfold } from './unfold'
import { afterDelay } from './wait'

/** @throws {BadMessage} where it can never be carried out. Other errors: it is to be delivered again. */
export function onMessage(ctx: Context, message: Message): Step<void> {
  return guarded(ctx, message, handle(ctx, message))
}

function* handle(ctx: Context, message: Message): Step<void> {
  switch (message.kind) {
    case 'tick':
      yield* onTick(ctx, message)
      return
    case 'run':
      yield* admit(ctx, message, message)
      return
    case 'backfill':
      yield* onBackfill(ctx, message)
      return
    case 'next':
      yield* onNext(ctx, message.task, message.run)
      return
    case 'retry':
      yield* onRetry(ctx, message)
      return
    case 'deadline':
      yield* onDeadline(ctx, message)
      return
    case 'look':
      yield* onLook(ctx, message)
      return
    default:
      message satisfies never
  }
}

function* onTick(ctx: Context, message: TickMessage): Step<void> {
  const { task, scheduledAt, everySeconds, definition, payload } = message
  const tick = tickTime(scheduledAt)
  if (tick === undefined)
    throw new BadMessage(
      scheduledAt === SCHEDULED_TIME_PLACEHOLDER
        ? `tick of ${task}: ${SCHEDULED_TIME_PLACEHOLDER} was not replaced; only EventBridge Scheduler may send this message, with its context attributes on`
        : `tick of ${task}: scheduledAt must be a time in whole seconds as 2026-01-05T10:00:00Z, got ${JSON.stringify(scheduledAt.slice(0, 40))}`,
    )
  if (everySeconds === undefined) {
    const run: NewRun = {
      task,
      run: new Date(tick).toISOString(),
      scheduledAt: new Date(tick).toISOString(),
      trigger: 'schedule',
      definition,
      payload,
    }
    yield* admit(ctx, run, message)
    return
  }
  yield* send(...unfold(message, everySeconds, tick, ctx.now()))
}

/** The slot was handed to this run, which waited. */
function* onNext(ctx: Context, task: string, run: string): Step<void> {
  const record = yield* readRecord(task, run)
  if (record === undefined || isEnded(record)) {
    yield* releaseSlot(ctx, record ?? { task, run }, record?.definition)
    return
  }
  const { functionTimeout } = yield* readLock(task)
  yield* start(ctx, withTimeout(asNewRun(record), functionTimeout), 1)
}

function* onRetry(ctx: Context, message: RetryMessage): Step<void> {
  const { task, run, attempt, notBefore } = message
  const now = ctx.now()
  if (now < notBefore) {
    yield* send(afterDelay(message, notBefore, now))
    return
  }
  const { paused, functionTimeout } = yield* readLock(task)
  if (paused && !(paused.until !== undefined && paused.until <= now)) {
    // Resume tells every retry that stood still; a pause that ends by itself tells nobody.
    if (paused.until !== undefined) yield* send(afterDelay(message, paused.until, now))
    return
  }
  const record = yield* readRecord(task, run)
  if (record === undefined) return
  if (isEnded(record)) yield* releaseSlot(ctx, record, record.definition)
  else yield* start(ctx, withTimeout(asNewRun(record), functionTimeout), attempt)
}
