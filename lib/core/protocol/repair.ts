/** Puts back what a lost queue takes with it, from the tables. */
import type { Message } from '../message'
import { deadlineOf } from './arm'
import { type Context, type Step, send, write } from './effect'
import { policyOf, readLock, wontLook } from './lock'
import type { RunRecord } from './record'
import { fill } from './release'
import { sendRetry } from './settle'

/**
 * `unfinished`: the task's records that have not ended. A deadline for each holder of a slot, a message for each retry,
 * and its admission for each run that is QUEUED and was lost before it joined the waiting list. Safe at any time, on a
 * whole queue too: each of these messages is one that may come twice anyway.
 */
export function* repairTask(ctx: Context, task: string, unfinished: readonly RunRecord[]): Step<void> {
  const lock = yield* readLock(task)
  const now = ctx.now()
  if (lock.looksAt !== undefined) yield* write(wontLook(task))
  for (const run of Object.keys(lock.slots)) yield* send(deadlineOf({ task, run }, now, now))

  for (const record of unfinished) {
    const { run, status, attempt = 1, retryAt = now } = record
    if (status === 'RETRYING') yield* sendRetry({ task, run, attempt }, retryAt, now)
    const known = run in lock.slots || lock.waiting.includes(run)
    if (status === 'QUEUED' && !known) yield* send({ message: admissionOf(record), delaySeconds: 0 })
  }
  const [first] = unfinished
  // What a run that was made before knows counts only where the lock says nothing.
  if (first && lock.waiting.length > 0)
    yield* fill(ctx, task, lock, policyOf(first, Number.NEGATIVE_INFINITY))
}

/** The message that brought a run, as its record tells it. */
function admissionOf(record: RunRecord): Message {
  const { task, run, scheduledAt, trigger, triggeredBy, rerunOf, backfill, definition, payload } = record
  if (trigger === 'schedule') return { kind: 'tick', task, scheduledAt, definition, payload }
  return { kind: 'run', task, run, scheduledAt, trigger, triggeredBy, rerunOf, backfill, definition, payload }
}
