/** A tick, or a run asked for by hand: a slot for it, a place in the waiting list, or a record that says why not. */
import type { RunMessage, TickMessage } from '../message'
import { SECOND, SOON } from '../timing'
import { lookAtHolders } from './arm'
import { type Context, type Step, send, write } from './effect'
import {
  displace,
  endPause,
  enqueue,
  firstGrant,
  grant,
  type Lock,
  lockOf,
  newest,
  type Policy,
  policyOf,
  readLock,
  WAITING_LIMIT,
} from './lock'
import { isEnded, type NewRun, type RunRecord } from './record'
import { queued, skipped, superseded } from './record-writes'
import { aliveUntil, fill, releaseSlot } from './release'
import { isTooLate, start, withTimeout } from './start'

/** How long a run waits to ask again where the waiting list is full. */
const FULL_LIST_SECONDS = 60

type Admission = { ctx: Context; run: NewRun; message: TickMessage | RunMessage }

export function* admit(ctx: Context, run: NewRun, message: TickMessage | RunMessage): Step<void> {
  if (isTooLate(run, ctx.now())) {
    const late = yield* write(skipped(run, 'too-late', ctx.now(), 'absent'))
    if (late.done) {
      // It may have come before, taken a slot, and died; and where all ticks are too late, no other looks at the holders.
      const lock = yield* readLock(run.task)
      if (run.run in lock.slots) yield* releaseSlot(ctx, run, run.definition)
      yield* lookAtHolders(ctx, run.task, lock)
      return
    }
    const existing = late.item as RunRecord
    if (isEnded(existing)) {
      yield* releaseSlot(ctx, existing, run.definition)
      return
    }
  }
  const admission = { ctx, run, message }
  let recorded = false
  for (;;) {
    const { granted, lock } = yield* take(admission)
    if (granted) {
      yield* start(ctx, withTimeout(run, lock.functionTimeout), 1, isFrequent(message) ? lock : undefined)
      return
    }
    if (!recorded) {
      yield* lookAtHolders(ctx, run.task, lock)
      recorded = yield* record(admission, lock)
      if (!recorded) return
    }
    if (lock.waiting.includes(run.run)) return
    if ((yield* wait(admission, lock)) === 'settled') return
  }
}

/** The task's next tick is due so soon that it looks at this one's run in time. */
const isFrequent = ({ kind, definition: { every } }: TickMessage | RunMessage) =>
  kind === 'tick' && every !== undefined && every * SECOND <= SOON

/**
 * A tick carries its task as it was when due, any other run as it was when somebody asked for it: by a clock that may be
 * ahead, and that must not hold against all that comes after it.
 */
function policyAt(run: NewRun, now: number): Policy {
  if (run.trigger === 'schedule') return policyOf(run, Date.parse(run.scheduledAt))
  return policyOf(run, Math.min(now, Date.parse(run.backfill ?? run.run)))
}

/** A slot or none, and the lock that gave or refused it. */
function* take({ ctx, run }: Admission): Step<{ granted: boolean; lock: Lock }> {
  let policy = policyAt(run, ctx.now())
  for (;;) {
    const now = ctx.now()
    const until = aliveUntil(now, policy.functionTimeout)
    const result = yield* write(grant(run.task, run.run, until, policy))
    if (result.done) {
      // Beside a free slot an old one would be noticed by nobody.
      const lock = lockOf(result.item)
      yield* lookAtHolders(ctx, run.task, lock)
      return { granted: true, lock }
    }
    if (result.item === undefined) {
      const first = yield* write(firstGrant(run.task, run.run, until, policy))
      if (first.done) return { granted: true, lock: lockOf(first.item) }
      continue
    }
    const seen = lockOf(result.item)
    policy = newest(seen, policyAt(run, now))
    if (run.run in seen.slots) return { granted: true, lock: seen }
    if (seen.paused?.until !== undefined && seen.paused.until <= now) {
      yield* write(endPause(run.task, seen.paused))
      continue
    }
    const free = Object.keys(seen.slots).length < policy.concurrency
    if (!free || seen.paused) return { granted: false, lock: seen }
    // A slot is free though somebody waits (a pause is over, or concurrency was raised), or it came free meanwhile.
    if (seen.waiting.length > 0) yield* fill(ctx, run.task, seen, policy)
  }
}

/** Writes down that the run could not start at once. False: it does not wait, or not any more. */
function* record({ ctx, run }: Admission, lock: Lock): Step<boolean> {
  const now = ctx.now()
  const [holder] = Object.keys(lock.slots).sort()
  const ticked = run.trigger === 'schedule'
  const skip = ticked && (lock.paused ? 'paused' : run.definition.overlap === 'skip' ? 'overlap' : undefined)
  const result = yield* write(
    skip ? skipped(run, skip, now, 'absent', lock.paused ? undefined : holder) : queued(run, now),
  )
  if (result.done) return !skip
  const existing = result.item as RunRecord
  if (existing.status === 'QUEUED') return true
  if (isEnded(existing)) yield* releaseSlot(ctx, existing, run.definition)
  return false
}

/** `look-again`: the lock moved meanwhile. */
function* wait(admission: Admission, lock: Lock): Step<'settled' | 'look-again'> {
  const { ctx, run, message } = admission
  if (lock.waiting.length >= WAITING_LIMIT) {
    yield* send({ message, delaySeconds: FULL_LIST_SECONDS })
    return 'settled'
  }
  if (run.definition.overlap === 'latest' && run.trigger === 'schedule')
    return yield* replace(admission, lock)
  const result = yield* write(enqueue(run.task, run.run, policyAt(run, ctx.now()), lock))
  return result.done ? 'settled' : 'look-again'
}

/** Only ticks end in whole seconds; the key of a run by hand never does. */
const isTick = (run: string) => run.endsWith('.000Z')

/** `overlap: latest`: at most one tick waits, the newest. */
function* replace({ ctx, run }: Admission, lock: Lock): Step<'settled' | 'look-again'> {
  const ticks = lock.waiting.filter(isTick)
  const newer = ticks.find((other) => other > run.run)
  if (newer !== undefined) {
    yield* write(skipped(run, 'superseded', ctx.now(), 'QUEUED', newer))
    return 'settled'
  }
  const displaced: string[] = []
  for (const older of ticks) {
    const result = yield* write(superseded({ task: run.task, run: older }, run.run, ctx.now()))
    const other = result.item as RunRecord | undefined
    // A backfilled tick waits its turn; a record that is no longer QUEUED says that the list moved or is stale.
    if (result.done || other?.status !== 'QUEUED') displaced.push(older)
  }
  const result = yield* write(displace(run.task, run.run, policyAt(run, ctx.now()), displaced, lock))
  return result.done ? 'settled' : 'look-again'
}
