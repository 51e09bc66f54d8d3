import { HOUR, ScheduleError } from './schedule'

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timezone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timezone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timezone, formatter)
  }
  return formatter
}

/**
 * The name of an IANA time zone, at most 50 characters (Scheduler API, ScheduleExpressionTimezone). Offsets such as
 * `+10:00`, which JavaScript would take, are none.
 *
 * @throws {ScheduleError}
 */
export function checkTimezone(timezone: string): void {
  const rule = 'timezone must be the name of an IANA time zone, as in Europe/Berlin'
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,49}$/.test(timezone)) throw new ScheduleError(`${rule}, not "${timezone}"`)
  let known: string
  try {
    known = formatterOf(timezone).resolvedOptions().timeZone
  } catch {
    throw new ScheduleError(`${rule}, not "${timezone}"`)
  }
  // JavaScript ignores case, AWS does not.
  if (known !== timezone && known.toLowerCase() === timezone.toLowerCase()) {
    throw new ScheduleError(`${rule}, not "${timezone}": write ${known}`)
  }
}

/** The wall-clock time of an instant, written as if it were UTC (epoch ms). */
export function wallTime(instant: number, timezone: string): number {
  if (timezone === 'UTC') return instant
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatterOf(timezone).formatToParts(instant)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  const milliseconds = ((instant % 1000) + 1000) % 1000
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
}

/**
 * The instant of a wall-clock time as EventBridge Scheduler takes it (User Guide, "Daylight savings time"): nothing for
 * a time that the clocks skip, and of a time that comes twice the first.
 */
export function instantOf(wall: number, timezone: string): number | undefined {
  if (timezone === 'UTC') return wall
  // No zone is more than 14 hours from UTC and none changes twice within two days, so these see the offset before a
  // change and the one after it.
  const around = [wall - 26 * HOUR, wall + 26 * HOUR]
  const instants = around
    .map((near) => wall - (wallTime(near, timezone) - near))
    .filter((instant) => wallTime(instant, timezone) === wall)
  return instants.length === 0 ? undefined : Math.min(...instants)
}
