import type { TickMessage } from '../message'
import { ticksOfNextMinute } from '../schedule'
import type { Outgoing } from './effect'
import { afterDelay } from './wait'

/**
 * The ticks that a once-a-minute schedule's message stands for: those of the minute after the one it was sent for
 * (`minute`, epoch ms), each a message of its own that comes when it is due.
 */
export function unfold(message: TickMessage, everySeconds: number, minute: number, now: number): Outgoing[] {
  const { everySeconds: _, ...one } = message
  return ticksOfNextMinute(minute, everySeconds).map((tick) =>
    afterDelay({ ...one, scheduledAt: new Date(tick).toISOString() }, tick, now),
  )
}
