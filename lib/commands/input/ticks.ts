import { ticksBetween } from '../../core/protocol/backfill'
import type { Schedule } from '../../core/schedule'
import { usageError } from '../errors'

/** More ticks than that are a mistake in the dates. */
const MOST = 100_000

/**
 * How many ticks a backfill from `from` to `to` has, and the first and the last of them; all in epoch ms.
 *
 * @throws {CommandError} for more than 100,000
 */
export function countTicks(
  schedule: Schedule,
  from: number,
  to: number,
): { count: number; first: number | undefined; last: number | undefined } {
  let count = 0
  let first: number | undefined
  let last: number | undefined
  // Ticks are whole seconds, and a rate is counted from the first.
  for (const tick of ticksBetween(schedule, Math.ceil(from / 1000) * 1000, to)) {
    first ??= tick
    last = tick
    if (++count > MOST) throw usageError(`that is more than ${MOST} ticks: give a shorter range`)
  }
  return { count, first, last }
}
