/** From what is known of an attempt to the state of its run. */
import type { Definition, Target } from '../definition'
import type { Verdict } from '../log-record'
import type { Attempt } from '../names'
import { type Context, type Step, send, write } from './effect'
import { type Evidence, failureOf } from './evidence'
import { readLock } from './lock'
import { type Failure, isEnded, type RunRecord } from './record'
import { cancelled, failed, lateError, marked, retrying, succeeded } from './record-writes'
import { help, releaseSlot } from './release'
import { tellFailure } from './tell'
import { afterDelay } from './wait'

/** The attempt ended well. `target`: only a run of such a target can end by this. Returns the record that refused it. */
export function* settleSucceeded(
  ctx: Context,
  at: Attempt,
  by: { target: Target; logStream?: string | undefined; requestId?: string | undefined },
): Step<RunRecord | undefined> {
  const { target, logStream, requestId } = by
  const result = yield* write(succeeded(at, { target, logStream }, ctx.now(), requestId))
  const record = result.item as RunRecord | undefined
  if (result.done) {
    yield* releaseSlot(ctx, record ?? at, record?.definition)
    return undefined
  }
  if (record === undefined || record.attempt !== at.attempt) return record
  if (record.definition.target !== target) return record
  if (logStream !== undefined && record.logStream !== logStream) return record
  if (isEnded(record)) yield* releaseSlot(ctx, record, record.definition)
  else if (record.status === 'RUNNING' && record.cancel !== undefined)
    yield* settleCancelled(ctx, at, record.definition)
  else if (record.status === 'RUNNING' && record.verdict !== undefined)
    yield* settleFailed(ctx, at, record.definition, failureOf(record.verdict, requestId))
  return record
}

/**
 * The attempt is over and did not end well: a further attempt if the policy has one left, else the end of the run.
 * Returns the record that refused it.
 */
export function* settleFailed(
  ctx: Context,
  at: Attempt,
  definition: Definition,
  failure: Failure,
): Step<RunRecord | undefined> {
  const now = ctx.now()
  const { retry } = definition
  const last = at.attempt >= retry.attempts
  const delay = Math.min(retry.maxDelay, retry.delay * retry.backoff ** (at.attempt - 1)) * 1000
  const change = last ? failed(at, failure, now) : retrying(at, failure, now + delay, ctx.by, now)
  const result = yield* write(change)
  const current = result.item as RunRecord | undefined
  if (result.done) {
    if (last) yield* releaseSlot(ctx, current ?? at, definition)
    else yield* sendRetry(at, now + delay, now)
    return undefined
  }
  if (current === undefined || current.attempt !== at.attempt) return current
  if (isEnded(current)) yield* releaseSlot(ctx, current, definition)
  else if (current.status === 'RETRYING') yield* sendMyRetry(ctx, current)
  else if (current.cancel !== undefined) yield* settleCancelled(ctx, at, definition)
  return current
}

/**
 * Of an attempt that failed both the log and Lambda's report tell. Whoever comes second reads, and writes only where the
 * first died before the slot was given back. False: there is something to settle yet (an end that was good may have to be
 * changed to a late error).
 */
export function* isSettled(ctx: Context, record: RunRecord): Step<boolean> {
  if (record.status === 'RETRYING') {
    yield* sendMyRetry(ctx, record)
    return true
  }
  if (!isEnded(record) || record.status === 'SUCCEEDED') return false
  const lock = yield* readLock(record.task)
  if (record.run in lock.slots) yield* releaseSlot(ctx, record, record.definition)
  else yield* help(record.task, record.run, lock)
  return true
}

/** Whoever decided on a retry may have died before sending it, and comes again; where it does not, the deadline finds it. */
function* sendMyRetry(ctx: Context, { task, run, attempt = 1, by, retryAt = 0 }: RunRecord): Step<void> {
  if (by === ctx.by) yield* sendRetry({ task, run, attempt }, retryAt, ctx.now())
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
  if (evidence.kind === 'succeeded') {
    const { target } = definition
    yield* settleSucceeded(ctx, at, { target, logStream, requestId: evidence.requestId })
  } else if (evidence.kind === 'failed') {
    const { verdict } = evidence.failure
    const refused = yield* settleFailed(ctx, at, definition, evidence.failure)
    if (refused?.status === 'SUCCEEDED' && verdict) yield* endLate(at, logStream, verdict)
  }
}

function* endLate(at: Attempt, logStream: string, verdict: Verdict): Step<void> {
  const { done, item } = yield* write(lateError(at, logStream, verdict))
  const record = item as RunRecord | undefined
  // A write whose answer was lost is asked for again, and refused as it was done.
  if (record && (done || record.reason === 'late-error')) yield* tellFailure(record)
}

/** The wrapper saw an error line, and no end yet. Returns the record that refused to be marked. */
export function* mark(at: Attempt, logStream: string, verdict: Verdict): Step<RunRecord | undefined> {
  const result = yield* write(marked(at, logStream, verdict))
  if (result.done) return undefined
  const record = result.item as RunRecord | undefined
  if (record?.status === 'SUCCEEDED' && record.definition.target === 'wrapped')
    yield* endLate(at, logStream, verdict)
  // Whoever wrote it may have died before telling, and no slot brings anybody back.
  else if (record?.reason === 'late-error') yield* tellFailure(record)
  return record
}
