import type { EventInvokeConfig, Resolved } from '../store'
import type { AsyncEvent } from './event'

/** Why an event is done with, in the words of the invocation record. */
export type Condition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  // That there is a record is documented (invocation-recursion), what it calls the condition is not.
  | 'RecursiveInvocationException'

/** What becomes of an event after an attempt: again at a time (epoch ms), or done. */
export type After = { event: Partial<AsyncEvent> } & ({ retryAt: number } | { condition: Condition })

/** `maximumAge` in milliseconds. */
export type Limits = { retries: number; maximumAge: number }

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Of the function's qualifier, as it was invoked: a configuration of $LATEST says nothing of an alias. */
export function limitsOf({ fn, qualifier }: Resolved): Limits {
  const config: Partial<EventInvokeConfig> = fn.eventInvoke[qualifier] ?? {}
  return {
    retries: config.MaximumRetryAttempts ?? 2,
    maximumAge: (config.MaximumEventAgeInSeconds ?? 21_600) * SECOND,
  }
}

/** After a function error: one minute, then two. */
export function afterFailure(event: AsyncEvent, limits: Limits, now: number): After {
  const failures = event.failures + 1
  const change = { failures, throttles: 0, ...(event.last ? { last: event.last } : {}) }
  if (failures > limits.retries) return { condition: 'RetriesExhausted', event: change }
  return again(event, change, limits, now + failures * MINUTE)
}

/** After a throttle: one second, doubled up to five minutes, whatever the number of retries. */
export function afterThrottle(event: AsyncEvent, limits: Limits, now: number): After {
  const wait = Math.min(SECOND * 2 ** event.throttles, 5 * MINUTE)
  return again(event, { throttles: event.throttles + 1 }, limits, now + wait)
}

/** An event that will be too old by its next attempt is done with now. */
function again(event: AsyncEvent, change: Partial<AsyncEvent>, limits: Limits, retryAt: number): After {
  if (retryAt > event.acceptedAt + limits.maximumAge) return { condition: 'EventAgeExceeded', event: change }
  return { retryAt, event: change }
}
