import type { Cron } from './cron'

/**
 * A parsed schedule expression.
 *
 * `every` is ours: its ticks are the multiples of `seconds` since the epoch, UTC. The others are EventBridge
 * Scheduler's own; `text` is what was written.
 */
export type Schedule =
  | { kind: 'every'; text: string; seconds: number }
  | { kind: 'rate'; text: string; period: number }
  | { kind: 'cron'; text: string; timezone: string; cron: Cron }
  /** `local` is the wall-clock time, written as if it were UTC (epoch ms). */
  | { kind: 'at'; text: string; timezone: string; local: number }

/** The message is a rule and the value that broke it, fit to follow `tasks.NAME.schedule: `. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
