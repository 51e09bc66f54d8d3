import type { Lock, Pause } from '../../core/protocol/lock'
import { iso } from '../../core/sentence'
import { oneLine } from '../../core/text'

/** The pause that holds now: one that is over stays in the lock until the next tick removes it. */
export function pauseOf(lock: Lock | undefined, now: number): Pause | undefined {
  const paused = lock?.paused
  return paused?.until !== undefined && paused.until <= now ? undefined : paused
}

/** `paused until 2026-11-30T00:00:00Z: the source is broken` */
export function pauseText({ reason, until }: Pause): string {
  return `paused${until === undefined ? '' : ` until ${iso(until)}`}${reason ? `: ${oneLine(reason)}` : ''}`
}

export function pauseJson({ reason, until }: Pause): { reason?: string; until?: string } {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  }
}
