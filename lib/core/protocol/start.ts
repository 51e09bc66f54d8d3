/** START n: from a slot to an invocation. */
import { streamName } from '../names'
import { START_WINDOW } from '../timing'
import { armShared, deadlineOf } from './arm'
import { type Context, invoke, type Step, write, writeAndSend } from './effect'
import { fence } from './fence'
import type { Lock } from './lock'
import { isEnded, type NewRun, type RunRecord } from './record'
import { running, skipped } from './record-writes'
import { aliveUntil, releaseSlot } from './release'
import { settleFailed } from './settle'

/** The message is to be delivered again: nothing was decided. */
export class TryAgain extends Error {
  override name = 'TryAgain'
}

/** Whether a tick is too old to start, by its task's own rule. */
export function isTooLate(run: NewRun, now: number): boolean {
  const { startWithin } = run.definition
  return (
    startWithin !== null &&
    run.trigger === 'schedule' &&
    now - Date.parse(run.scheduledAt) > startWithin * 1000
  )
}

/**
 * The run holds a slot. Only the message whose write made the record RUNNING invokes, and it does so again if it comes
 * again (its first answer was lost, or its handler died), as long as the attempt may still start. With `shared`, the
 * lock as the grant saw it, the attempt shares its deadline with others of its task.
 *
 * A deadline of its own is on its way before the invoke, whoever invokes. It need not wait until the record is written:
 * one that comes for a run that was not started does what the record asks for, or nothing.
 */
export function* start(ctx: Context, wanted: NewRun, attempt: number, shared?: Lock): Step<void> {
  const now = ctx.now()
  let run = wanted
  if (attempt === 1 && isTooLate(run, now)) {
    const late = yield* write(skipped(run, 'too-late', now, 'absent or QUEUED'))
    if (late.done) {
      yield* releaseSlot(ctx, run, run.definition)
      return
    }
    // Backfill asked for this tick too, and what a person asked for is never too late: it starts as that.
    const waiting = late.item as RunRecord | undefined
    if (waiting?.status === 'QUEUED') run = withTimeout(asNewRun(waiting), wanted.definition.functionTimeout)
  }
  const { definition, task } = run
  const logStream = streamName(
    { task, run: run.run, attempt },
    {
      qualifier: definition.qualifier,
      random: ctx.random(),
      ownGroupPrefix: definition.ownGroupPrefix,
    },
  )
  const until = aliveUntil(now, definition.functionTimeout)
  const change = running(run, { attempt, logStream, until, by: ctx.by }, now)
  const result = shared
    ? yield* write(change)
    : yield* writeAndSend(change, deadlineOf({ task, run: run.run, attempt }, until, now))
  if (result.done) {
    yield* launch(ctx, run, { attempt, logStream, until, shared, again: false })
    return
  }
  const record = result.item as RunRecord | undefined
  if (record === undefined) return
  if (isEnded(record)) yield* releaseSlot(ctx, record, record.definition)
  else if (isMine(ctx, record, attempt))
    yield* launch(ctx, asNewRun(record), {
      attempt,
      logStream: record.logStream as string,
      until: record.until as number,
      shared,
      again: true,
    })
}

function isMine(ctx: Context, record: RunRecord, attempt: number): boolean {
  return record.status === 'RUNNING' && record.attempt === attempt && record.by === ctx.by
}

type Launch = { attempt: number; logStream: string; until: number; shared: Lock | undefined; again: boolean }

function* launch(ctx: Context, run: NewRun, launched: Launch): Step<void> {
  const { attempt, logStream, until, shared, again } = launched
  const { definition, task } = run
  const at = { task, run: run.run, attempt }
  const now = ctx.now()
  if (shared) yield* armShared(ctx, task, until, shared)
  const startBy = until - (aliveUntil(0, definition.functionTimeout) - START_WINDOW)
  if (again && definition.target !== 'wrapped') return
  if (again && now > startBy) {
    // Whatever was invoked before has begun by now, or it never will.
    const error = `Lambda did not accept an invocation of ${definition.function} within the time it may start.`
    if ((yield* fence({ logGroup: definition.logGroup, logStream }, error)).fenced)
      yield* settleFailed(ctx, at, definition, { status: 'FAILED', reason: 'not-started', error })
    return
  }

  const result = yield* invoke({
    definition,
    payload: {
      ...run.payload,
      group_name: definition.logGroup,
      stream_name: logStream,
      slipstream: {
        task,
        run: run.run,
        attempt,
        scheduledAt: run.scheduledAt,
        trigger: run.trigger,
        target: definition.target,
        startBy,
        until,
        timeout: definition.timeout,
        failOn: definition.failOn,
        except: definition.except,
      },
    },
  })
  switch (result.outcome) {
    case 'accepted':
      return
    case 'refused':
      // The same message may be under way twice at once, and the other invoke have been accepted.
      if (definition.target === 'wrapped') {
        const stream = { logGroup: definition.logGroup, logStream }
        if (!(yield* fence(stream, result.error)).fenced) return
      }
      yield* settleFailed(ctx, at, definition, {
        status: 'FAILED',
        reason: 'refused',
        error: `Lambda refused to invoke ${definition.function}: ${result.error}`,
      })
      return
    case 'throttled':
      // An unwrapped target is never invoked twice for an attempt, but this one surely was not invoked at all.
      if (definition.target !== 'wrapped')
        yield* settleFailed(ctx, at, definition, {
          status: 'FAILED',
          reason: 'not-started',
          error: `Lambda had no capacity to accept an invocation of ${definition.function}.`,
        })
      else throw new TryAgain(`${definition.function} is throttled`)
      return
    case 'unknown':
      if (definition.target === 'wrapped')
        throw new TryAgain(`no answer to the invocation of ${definition.function}`)
  }
}

/**
 * A body lives by its function's time-out of the day it starts, which a deploy may have raised since the run was made.
 * `known`: what the lock knows of it, seconds.
 */
export function withTimeout(run: NewRun, known = 0): NewRun {
  const { functionTimeout } = run.definition
  if (known <= functionTimeout) return run
  return { ...run, definition: { ...run.definition, functionTimeout: known } }
}

/** A run as its record tells it. */
export function asNewRun(record: RunRecord): NewRun {
  const { task, run, scheduledAt, trigger, triggeredBy, rerunOf, backfill, definition, payload } = record
  return { task, run, scheduledAt, trigger, triggeredBy, rerunOf, backfill, definition, payload }
}
