/** RELEASE, HELP and FILL: how a slot comes free and whom that wakes. */
import type { Definition } from '../definition'
import { GRACE, QUEUE_VISIBILITY, SECOND, START_WINDOW } from '../timing'
import { deadlineOf } from './arm'
import { type Context, type Outgoing, read, type Step, send, write } from './effect'
import { handOver, type Lock, lockOf, newest, type Policy, release } from './lock'
import { isEnded, type RunRecord, readRecord } from './record'
import { tellFailure, tellRecovery } from './tell'

export const wake = (task: string, run: string): Outgoing => ({
  message: { kind: 'next', task, run },
  delaySeconds: 0,
})

/** Until when an attempt that starts now may be alive: the longest start, the longest life, and the clocks' differences. */
export function aliveUntil(now: number, functionTimeoutSeconds: number): number {
  return now + START_WINDOW + functionTimeoutSeconds * 1000 + GRACE
}

type Terms = Pick<Definition, 'concurrency' | 'functionTimeout'>
/** Where nothing is known as little as possible is handed out. */
const NO_TERMS: Terms = { concurrency: 1, functionTimeout: 900 }

/** A record that the deadline wrote for a run of which only the slot was known says nothing of the task; those that wait do. */
function* termsOf(task: string, { waiting: [oldest] }: Lock): Step<Terms> {
  if (oldest === undefined) return NO_TERMS
  return (yield* readRecord(task, oldest))?.definition ?? NO_TERMS
}

/**
 * Gives back the slot of a run whose record has ended, hands it to whoever has waited longest, and tells them. Whoever
 * hands over and dies before telling comes again, finds its run not in the lock, and looks (HELP). `ended` is the record
 * where it is known; of one that failed the alerter hears first.
 */
export function* releaseSlot(
  ctx: Context,
  ended: RunRecord | { task: string; run: string },
  definition: Definition | undefined,
): Step<void> {
  const { task, run } = ended
  yield* tellFailure(ended)
  let item = isAwaited(ended, ctx.now()) ? yield* read('locks', { task }) : undefined
  for (;;) {
    const seen = item && lockOf(item)
    if (seen && !(run in seen.slots)) {
      yield* help(task, run, seen)
      break
    }
    const { write: change, moved } = yield* leave(ctx, { task, run }, seen, definition)
    const result = yield* write(change)
    item = result.item ?? NO_LOCK
    if (!result.done) continue
    yield* send(...moved.map((next) => wake(task, next)))
    break
  }
  yield* tellRecovery(ended, item)
}

const NO_LOCK = {}

/** The write that gives a slot back, and who gets it by that: nobody, as long as nobody was seen to wait. */
function* leave(
  ctx: Context,
  { task, run }: { task: string; run: string },
  seen: Lock | undefined,
  definition: Terms | undefined,
): Step<ReturnType<typeof handOver>> {
  if (!seen || seen.waiting.length === 0) return { write: release(task, run), moved: [] }
  const terms = definition ?? (yield* termsOf(task, seen))
  const until = aliveUntil(ctx.now(), Math.max(terms.functionTimeout, seen.functionTimeout ?? 0))
  return handOver(task, seen, { concurrency: seen.concurrency ?? terms.concurrency, until, leaving: run })
}

/**
 * Whether somebody is likely to wait for the slot, as a backfill makes many runs or the next tick was due meanwhile: then to
 * read the lock costs less than a write that is refused.
 */
function isAwaited({ backfill, scheduledAt, definition }: Partial<RunRecord>, now: number): boolean {
  if (backfill !== undefined) return true
  const { every, overlap } = definition ?? {}
  if (every === undefined || scheduledAt === undefined || overlap === 'skip') return false
  return now >= Date.parse(scheduledAt) + every * SECOND
}

/**
 * Hands out slots that are free although runs wait: after a pause, where `concurrency` was raised, or where `joining` are
 * to wait from now on. Whoever does it holds none of them, and may find one free for its own run when it comes again
 * after it died; so somebody else is sent first to look whether those who got one were told. `own`: what whoever does it
 * knows of the task.
 */
export function* fill(
  ctx: Context,
  task: string,
  seen: Lock,
  own: Policy,
  joining: readonly string[] = [],
): Step<void> {
  for (let lock = seen; ; ) {
    const { slots, waiting } = lock
    const now = ctx.now()
    const policy = newest(lock, own)
    const { concurrency } = policy
    const until = aliveUntil(now, policy.functionTimeout)
    const { write: change, moved } = handOver(task, lock, {
      concurrency,
      until,
      ...(joining.length > 0 ? { joining, policy } : {}),
    })
    const isSettled = joining.every((run) => run in slots || waiting.includes(run))
    if (isSettled && moved.length === 0 && !waiting.some((run) => run in slots)) return
    yield* send(...moved.map((run) => deadlineOf({ task, run }, now + QUEUE_VISIBILITY, now)))
    const result = yield* write(change)
    if (result.done) {
      yield* send(...moved.map((next) => wake(task, next)))
      return
    }
    lock = lockOf(result.item)
  }
}

/**
 * Somebody handed slots over and may have died before telling. A holder that is still QUEUED was never told; one that
 * has ended was told to nobody's use; both are told now.
 */
export function* help(task: string, self: string | undefined, seen: Lock): Step<void> {
  for (const run of Object.keys(seen.slots)) {
    if (run === self) continue
    const record = yield* readRecord(task, run)
    if (record && (record.status === 'QUEUED' || isEnded(record))) yield* send(wake(task, run))
  }
}
