import type { Message } from '../message'
import { MAX_DELAY } from '../timing'
import type { Outgoing } from './effect'

/**
 * A message for a later time. What SQS cannot hold so long arrives early and is sent again (`notBefore` in the message
 * decides, never the queue's clock).
 */
export function afterDelay(message: Message, notBefore: number, now: number): Outgoing {
  const wait = Math.min(MAX_DELAY, Math.max(0, notBefore - now))
  return { message, delaySeconds: Math.ceil(wait / 1000) }
}
