import { setTimeout as sleep } from 'node:timers/promises'
import type { MovedClock } from '../../lib/engine/moved-clock'

/** Real milliseconds between two steps: in them processes are started, calls answered and logs delivered. */
const PACE = 25

/**
 * Moves the clock in steps until `condition` gives something truthy, and returns that. Between two steps real work gets
 * to run, so that what a step made due is on its way before the next. `limit`: virtual milliseconds after which it fails.
 */
export async function advanceUntil<T>(
  clock: MovedClock,
  condition: () => T | Promise<T>,
  options: { step?: number; limit?: number } = {},
): Promise<NonNullable<T>> {
  const { step = 500, limit = 10 * 60_000 } = options
  const end = clock.now() + limit
  while (true) {
    const result = await condition()
    if (result) return result
    if (clock.now() >= end) throw new Error(`not within ${limit} ms of the moved clock: ${condition}`)
    clock.advance(step)
    await sleep(PACE)
  }
}
