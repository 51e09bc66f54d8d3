/** The coming ticks as people read them: in the wall clock's time, with what its changes do to them. */

import { parseSchedule } from './parse'
import type { Schedule } from './schedule'
import { DAY, MINUTE } from './schedule'
import { nextTicks } from './ticks'
import { instantOf, wallTime } from './zone'

export type ComingTick = {
  /** Epoch ms. */
  at: number
  /** The wall clock's time with its offset, ISO 8601: `2026-10-25T02:30:00+01:00`. */
  local: string
  /** What daylight saving does at or before this tick, in sentences; empty where it does nothing. */
  notes: string[]
}

/** The ticks later than `after` (epoch ms), `count` at most. `anchor`: see `nextTick`. */
export function comingTicks(schedule: Schedule, after: number, count: number, anchor?: number): ComingTick[] {
  const timezone = schedule.kind === 'cron' || schedule.kind === 'at' ? schedule.timezone : 'UTC'
  const ticks = nextTicks(schedule, after, count, anchor)
  return ticks.map((at, index) => ({
    at,
    local: localIso(at, timezone),
    notes: notesOf(schedule, timezone, ticks[index - 1] ?? after, at),
  }))
}

/** Milliseconds east of UTC. */
const offsetAt = (at: number, timezone: string): number => wallTime(at, timezone) - at

function localIso(at: number, timezone: string): string {
  return `${new Date(wallTime(at, timezone)).toISOString().slice(0, 19)}${offsetText(offsetAt(at, timezone))}`
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z'
  const minutes = Math.abs(offset) / MINUTE
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

/** The wall clock's changes between two ticks and what they did to ticks. Only a cron speaks of the wall clock. */
function notesOf(schedule: Schedule, timezone: string, before: number, at: number): string[] {
  if (schedule.kind !== 'cron' || timezone === 'UTC') return []
  const notes: string[] = []
  const from = offsetAt(before, timezone)
  const to = offsetAt(at, timezone)
  if (from !== to)
    notes.push(
      `clocks go ${to > from ? 'forward' : 'back'} before it: ${offsetText(from)} becomes ${offsetText(to)}`,
    )
  for (const wall of skippedBetween(schedule.text, timezone, before, at))
    notes.push(`${new Date(wall).toISOString().slice(0, 16).replace('T', ' ')} does not exist: no tick`)
  if (comesTwice(at, timezone)) notes.push('this time comes twice: it runs the first time only')
  return notes
}

/** Wall times of the cron between two ticks that the clocks skip. */
function skippedBetween(text: string, timezone: string, before: number, at: number): number[] {
  // Looked for a day around each end of a change only, since a cron that names many times a day would be long to walk.
  if (offsetAt(at, timezone) <= offsetAt(before, timezone)) return []
  const change = changeBetween(timezone, before, at)
  const wallClock = parseSchedule(text, 'UTC')
  return nextTicks(wallClock, change.wallBefore - 1, 120).filter(
    (wall) =>
      wall < change.wallAfter && wall > wallTime(before, timezone) && instantOf(wall, timezone) === undefined,
  )
}

/** The wall clock's time just before and just after the change of offset between two instants, by bisection. */
function changeBetween(
  timezone: string,
  before: number,
  at: number,
): { wallBefore: number; wallAfter: number } {
  const old = offsetAt(before, timezone)
  let low = before
  let high = at
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, timezone) === old) low = middle
    else high = middle
  }
  return { wallBefore: high + old, wallAfter: high + offsetAt(high, timezone) }
}

function comesTwice(at: number, timezone: string): boolean {
  const wall = wallTime(at, timezone)
  const later = at + (offsetAt(at, timezone) - offsetAt(at + DAY, timezone))
  return later > at && wallTime(later, timezone) === wall
}
