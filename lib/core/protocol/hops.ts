/**
 * The hop guard: a message that comes back and back without getting anywhere is stopped and lands in the dead-letter
 * queue, where the alarm makes it visible.
 *
 * Lambda has such a guard (recursive loop detection, about 16 invocations), but it counts every pass through a function,
 * so it would stop a backlog that is worked off one run after the other. It is therefore switched off for our handlers
 * and the service's own targets (`RecursiveLoop: Allow`), and this stands in its place. What must be told apart:
 *
 * - A chain that gets further needs no guard, however long it is. `next` after `next`: each ends a run or starts one, and
 *   there are only so many. `retry`: the attempt counts up to `retry.attempts`. A backfill whose cursor moved: there are
 *   finitely many ticks up to `to`. Such a message is another one than before, so its count begins anew; and a target
 *   that crashes a thousand times ends a thousand runs.
 * - A message that is sent again as it was only waits: for a time that SQS cannot hold (every 900 s), for room in a full
 *   waiting list (every 60 s), for a task that cannot bear more backfill (from 5 s to 300 s, doubling), for the end of a
 *   pause. It may do so for days, but it is never in a hurry. One that is has a fault in it, or ours, and would go on at
 *   our users' cost.
 *
 * So the count is judged by the time it took: a few hops may come quickly (an early delivery, clocks that differ), and
 * beyond them one in `SLOWEST_HURRY` on average. It is judged when the message arrives, by what stands in it, so that a
 * redelivery judges alike and the dead-letter queue is reached. `sls tasks check --repair` sends anew what was lost so.
 */
import { BadMessage, type Message } from '../message'
import { SECOND } from '../timing'
import type { Context, Effect, Outgoing, SingleEffect, Step } from './effect'

/** Hops that may come in any time. */
const QUICK_HOPS = 20
/** Half of the shortest wait in which a message goes on for long, that of a full waiting list. */
const SLOWEST_HURRY = 30 * SECOND
/** Nothing of ours waits so long. */
const LONGEST_WAIT = 366 * 86_400 * SECOND

/** Runs the step of `message`, and counts on what it sends again. */
export function* guarded(ctx: Context, message: Message, step: Step<void>): Step<void> {
  refuseRunaway(message)
  for (let next = step.next(); !next.done; ) next = step.next(yield counted(ctx, message, next.value))
}

function refuseRunaway(message: Message): void {
  if (message.kind === 'next' || message.hops === undefined) return
  const { count, first, last } = message.hops
  const took = last - first
  if (count <= QUICK_HOPS + took / SLOWEST_HURRY && took <= LONGEST_WAIT) return
  throw new BadMessage(
    `${message.kind} of ${message.task} was sent again ${count} times in ${Math.round(took / SECOND)} s and got no further`,
  )
}

function counted(ctx: Context, received: Message, effect: Effect): Effect {
  if (effect.do !== 'together') return countedSingle(ctx, received, effect)
  return { ...effect, effects: effect.effects.map((one) => countedSingle(ctx, received, one)) }
}

function countedSingle(ctx: Context, received: Message, effect: SingleEffect): SingleEffect {
  if (effect.do !== 'send' || !effect.messages.some(({ message }) => isSame(message, received))) return effect
  return { ...effect, messages: effect.messages.map((one) => countedOne(received, one, ctx.now())) }
}

function countedOne(received: Message, outgoing: Outgoing, now: number): Outgoing {
  const { message } = outgoing
  if (!isSame(message, received) || message.kind === 'next' || received.kind === 'next') return outgoing
  const { count, first } = received.hops ?? { count: 0, first: now }
  return { ...outgoing, message: { ...message, hops: { count: count + 1, first, last: now } } }
}

/** Whether it asks for the same again: it may be due at another time. */
function isSame(one: Message, other: Message): boolean {
  return one.kind === other.kind && one.task === other.task && stepOf(one) === stepOf(other)
}

/** Which step of which run or backfill of its task a message stands for. */
function stepOf(message: Message): string | undefined {
  switch (message.kind) {
    case 'tick':
      return message.scheduledAt
    case 'run':
    case 'next':
      return message.run
    case 'retry':
    case 'deadline':
      return `${message.run} ${message.attempt}`
    case 'look':
      return 'look'
    case 'backfill':
      return `${message.backfill} ${message.cursor}`
    default:
      return message satisfies never
  }
}
