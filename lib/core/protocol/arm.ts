/** How an attempt that may never be heard of again is looked at in the end: by its own deadline, or by a shared look. */
import type { DeadlineMessage } from '../message'
import { SHARED_LOOK } from '../timing'
import { type Context, type Outgoing, type Step, send, write } from './effect'
import { type Lock, willLook } from './lock'
import { afterDelay } from './wait'

export type At = { task: string; run: string; attempt?: number }

export const deadlineOf = ({ task, run, attempt }: At, notBefore: number, now: number): Outgoing => {
  const message: DeadlineMessage = { kind: 'deadline', task, run, notBefore }
  return afterDelay(attempt === undefined ? message : { ...message, attempt }, notBefore, now)
}

/**
 * A task's next tick looks at old slots anyway. Where it comes within a minute, a message for each run would be most of
 * what the run costs and never be needed, except by the last runs before the ticks stop: the task was removed, or its
 * schedule slowed down or switched off. For them one message is under way at any time that looks at every holder after
 * all that rely on it must have ended. `lock` is what the grant saw: one that looks early enough is relied on.
 *
 * The lock says so only after the message was sent, so nobody relies on one that a crash kept from being sent.
 */
export function* armShared(ctx: Context, task: string, until: number, lock: Lock): Step<void> {
  if (lock.looksAt !== undefined && lock.looksAt >= until) return
  const looksAt = until + SHARED_LOOK
  yield* send(afterDelay({ kind: 'look', task, notBefore: looksAt }, looksAt, ctx.now()))
  yield* write(willLook(task, looksAt))
}

/** A holder whose time is over is noticed by whoever comes to the lock. */
export function* lookAtHolders(ctx: Context, task: string, lock: Lock): Step<void> {
  const now = ctx.now()
  const old = Object.entries(lock.slots).filter(([, until]) => until <= now)
  yield* send(...old.map(([run]) => deadlineOf({ task, run }, now, now)))
}
