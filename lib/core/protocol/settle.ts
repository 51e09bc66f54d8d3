/** From what is known of an attempt to the state of its run. */
import type { Definition } from '../definition'
import type { Verdict } from '../log-record'
import type { Attempt } from '../names'
import { type Context, type Step, send, write } from './effect'
import { type Evidence, failureOf } from './evidence'
import {
  cancelled,
  type Failure,
  failed,
  isEnded,
  lateError,
  marked,
  type RunRecord,
  retrying,
  succeeded,
} from './record'
import { releaseSlot } from './release'
import { afterDelay } from './wait'

/** The attempt ended well. */
export function* settleSucceeded(
  ctx: Context,
  at: Attempt,
  logStream: string | undefined,
  requestId: string | undefined,
): Step<void> {
  const result = yield* write(succeeded(at, logStream, ctx.now(), requestId))
  const record = result.item as RunRecord | undefined
  if (result.done) {
    yield* releaseSlot(ctx, at, record?.definition)
    return
  }
  if (record === undefined || record.attempt !== at.attempt) return
  if (logStream !== undefined && record.logStream !== logStream) return
  if (isEnded(record)) yield* releaseSlot(ctx, at, record.definition)
  else if (record.status === 'RUNNING' && record.cancel !== undefined)
    yield* settleCancelled(ctx, at, record.definition)
  else if (record.status === 'RUNNING' && record.verdict !== undefined)
    yield* settleFailed(ctx, at, record.definition, failureOf(record.verdict, requestId))
}

/** The attempt is over and did not end well: a further attempt if the policy has one left, else the end of the run. */
export function* settleFailed(
  ctx: Context,
  at: Attempt,
  definition: Definition,
  failure: Failure,
): Step<void> {
  const now = ctx.now()
  const { retry } = definition
  const last = at.attempt >= retry.attempts
  const delay = Math.min(retry.maxDelay, retry.delay * retry.backoff ** (at.attempt - 1)) * 1000
  const change = last ? failed(at, failure, now) : retrying(at, failure, now + delay, now)
  const result = yield* write(change)
  if (result.done) {
    if (last) yield* releaseSlot(ctx, at, definition)
    else yield* sendRetry(at, now + delay, now)
    return
  }
  const current = result.item as RunRecord | undefined
  if (current === undefined || current.attempt !== at.attempt) return
  if (isEnded(current)) yield* releaseSlot(ctx, at, definition)
  else if (current.status === 'RETRYING') yield* sendRetry(at, current.retryAt ?? now, now)
  else if (current.cancel !== undefined) yield* settleCancelled(ctx, at, definition)
}

export function* sendRetry(at: Attempt, notBefore: number, now: number): Step<void> {
  yield* send(
    afterDelay(
      { kind: 'retry', task: at.task, run: at.run, attempt: at.attempt + 1, notBefore },
      notBefore,
      now,
    ),
  )
}

export function* settleCancelled(ctx: Context, at: Attempt, definition: Definition): Step<void> {
  const result = yield* write(cancelled(at, ctx.now()))
  if (result.done || (result.item !== undefined && isEnded(result.item as RunRecord)))
    yield* releaseSlot(ctx, at, definition)
}

/** By evidence that the attempt is over. */
export function* settle(
  ctx: Context,
  at: Attempt,
  logStream: string,
  definition: Definition,
  evidence: Evidence,
): Step<void> {
  if (evidence.kind === 'succeeded') yield* settleSucceeded(ctx, at, logStream, evidence.requestId)
  else if (evidence.kind === 'failed') yield* settleFailed(ctx, at, definition, evidence.failure)
}

/** An error line was seen and no end yet. */
export function* mark(at: Attempt, logStream: string, verdict: Verdict): Step<void> {
  const result = yield* write(marked(at, logStream, verdict))
  if (result.done) return
  const record = result.item as RunRecord | undefined
  if (record?.status === 'SUCCEEDED') yield* write(lateError(at, logStream, verdict))
}
