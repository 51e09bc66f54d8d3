import { formatRecord } from '../core/log-record'
import { SECOND } from '../core/timing'
import type { Stage } from './stage'

/**
 * ok: returned, nothing counted. errors: returned, with error lines. threw. crashed: by an error that nobody caught.
 * timed-out: the wrapper's own limit. killed: at Lambda's time-out. exited: the process ended.
 */
export type BodyEnd = 'ok' | 'errors' | 'threw' | 'crashed' | 'timed-out' | 'killed' | 'exited'
export type Ending = { end: BodyEnd; after: number }

/** What the body of an attempt will do. `limit` is the wrapper's, where there is one; ms. */
export function ending(stage: Stage, functionTimeout: number, limit: number | undefined): Ending {
  const { faults, prng } = stage
  const longest = Math.max(1, (limit ?? functionTimeout) - 200)
  const after = Math.min(longest, prng.pick([100, 2000, 10_000, 30_000, 120_000, 900_000]))
  const random = prng.below(after) + 1
  if (faults.strikes('target-timeout'))
    return limit !== undefined && prng.chance(0.5)
      ? { end: 'timed-out', after: limit }
      : { end: 'killed', after: functionTimeout }
  // Alive to the very last moment, and then nothing is heard of it.
  if (faults.strikes('target-silent')) return { end: 'killed', after: functionTimeout }
  if (faults.strikes('target-exit')) return { end: 'exited', after: random }
  if (faults.strikes('fails'))
    return {
      end: prng.pick(limit === undefined ? ['errors', 'threw'] : ['errors', 'threw', 'crashed']),
      after: random,
    }
  return { end: 'ok', after: random }
}

/** Lambda's words (aws-facts: recorded answers of 2025-11). */
export function ofEnding(end: BodyEnd, requestId: string): { errorType: string; errorMessage: string } {
  if (end === 'killed')
    return {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 60.00 seconds`,
    }
  if (end === 'threw') return { errorType: 'Error', errorMessage: 'boom' }
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
  }
}

/** What user code prints to look like an end that it is not. */
export const FORGED = formatRecord({
  slipstream: 'end',
  requestId: 'forged',
  at: '2026-01-05T10:00:00.000Z',
  outcome: 'returned',
  errors: 0,
})

/** The margin that the wrapper keeps (lib/wrapper/attempt.ts). Both in ms. */
export const limitOf = (timeoutSeconds: number, remaining: number): number =>
  Math.min(timeoutSeconds * SECOND, remaining - Math.min(1.5 * SECOND, remaining / 10))
