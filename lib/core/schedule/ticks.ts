import type { Cron } from './cron'
import { DAY, MINUTE, type Schedule, SECOND } from './schedule'
import { instantOf, wallTime } from './zone'

/**
 * The first tick later than `after`; undefined when none will come. All in epoch ms.
 *
 * `anchor` is the first tick of a `rate` (its StartDate, or when it was created: AWS fires it at once). Without one a
 * rate is taken as made at `after`.
 */
export function nextTick(schedule: Schedule, after: number, anchor?: number): number | undefined {
  switch (schedule.kind) {
    case 'every':
      return multipleAfter(after, schedule.seconds * SECOND, 0)
    case 'rate':
      return multipleAfter(after, schedule.period, anchor ?? after)
    case 'cron':
      return nextOfCron(schedule.cron, schedule.timezone, after)
    case 'at': {
      const instant = instantOf(schedule.local, schedule.timezone)
      return instant !== undefined && instant > after ? instant : undefined
    }
  }
}

/** The coming ticks, `count` at most; see `nextTick`. */
export function nextTicks(schedule: Schedule, after: number, count: number, anchor = after): number[] {
  const ticks: number[] = []
  let last = after
  while (ticks.length < count) {
    const tick = nextTick(schedule, last, anchor)
    if (tick === undefined) break
    ticks.push(tick)
    last = tick
  }
  return ticks
}

/** Milliseconds between the next two ticks later than `after`; undefined when fewer than two will come. */
export function interval(schedule: Schedule, after: number): number | undefined {
  const [first, second] = nextTicks(schedule, after, 2)
  return first === undefined || second === undefined ? undefined : second - first
}

function multipleAfter(after: number, period: number, anchor: number): number {
  return anchor + Math.max(0, Math.floor((after - anchor) / period) + 1) * period
}

/**
 * Walks the wall clock, because that is what a cron speaks of, and asks the zone for each time's instant. Of an hour
 * that comes twice only the first counts, so instants rise as wall times do and the walk may start at the minute of
 * `after`, wherever in a change of the clocks that is.
 */
function nextOfCron(cron: Cron, timezone: string, after: number): number | undefined {
  const from = Math.floor(wallTime(after, timezone) / MINUTE) * MINUTE
  for (const midnight of days(cron, from)) {
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wall = midnight + (hour * 60 + minute) * MINUTE
        if (wall < from) continue
        const instant = instantOf(wall, timezone)
        if (instant !== undefined && instant > after) return instant
      }
    }
  }
  return undefined
}

/** The days of a cron from that of `from` on, as the wall time of their midnight. */
function* days(cron: Cron, from: number): Generator<number> {
  const start = new Date(from)
  for (const year of cron.years) {
    if (year < start.getUTCFullYear()) continue
    for (const month of cron.months) {
      if (year === start.getUTCFullYear() && month < start.getUTCMonth() + 1) continue
      for (const day of cron.days(year, month)) {
        const midnight = Date.UTC(year, month - 1, day)
        if (midnight + DAY > from) yield midnight
      }
    }
  }
}
