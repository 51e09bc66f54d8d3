import type { TickMessage } from '../core/message'

/**
 * The ticks (epoch ms) that a message of the schedule stands for, worked out apart from the core: of an unfolded one the
 * multiples of its period in the minute after its own.
 */
export function ticksOf({ scheduledAt, everySeconds }: TickMessage): number[] {
  const at = Date.parse(scheduledAt)
  if (everySeconds === undefined) return [at]
  const ticks: number[] = []
  const next = at - (at % 60_000) + 60_000
  for (let second = 0; second < 60; second++)
    if ((next / 1000 + second) % everySeconds === 0) ticks.push(next + second * 1000)
  return ticks
}
