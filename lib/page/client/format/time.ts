import { zone } from '../state/zone'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** `12 s`, `3 min`, `2 h`, `5 d`, `3 y`: whole units, rounded down. */
function rough(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  if (ms < 2 * YEAR) return `${Math.floor(ms / DAY)} d`
  return `${Math.floor(ms / YEAR)} y`
}

export function relative(at: number, now: number): string {
  if (Math.abs(at - now) < SECOND) return 'now'
  return at <= now ? `${rough(now - at)} ago` : `in ${rough(at - now)}`
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function parts(at: number, timeZone: string): Record<string, string> {
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'shortOffset',
    })
    formatters.set(timeZone, formatter)
  }
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** `Tue 2026-11-24 10:30:00`; in the reader's zone unless another is named. */
function dateTime(at: number, timeZone = zone()): string {
  const { weekday, year, month, day, hour, minute, second } = parts(at, timeZone)
  return `${weekday} ${year}-${month}-${day} ${hour}:${minute}:${second}`
}

/** The same with the zone's name or offset behind it. */
export function dateTimeZone(at: number, timeZone = zone()): string {
  return `${dateTime(at, timeZone)} ${offset(at, timeZone)}`
}

function offset(at: number, timeZone = zone()): string {
  return timeZone === 'UTC' ? 'UTC' : (parts(at, timeZone)['timeZoneName'] ?? timeZone)
}

/** `10:30:00`, with the date before it on another day than `now`'s. */
export function shortTime(at: number, now: number, timeZone = zone()): string {
  const { year, month, day, hour, minute, second } = parts(at, timeZone)
  const today = parts(now, timeZone)
  const time = `${hour}:${minute}:${second}`
  if (today['day'] === day && today['month'] === month && today['year'] === year) return time
  return today['year'] === year ? `${month}-${day} ${time}` : `${year}-${month}-${day} ${time}`
}

/** `+1.234 s` */
export function since(at: number, start: number): string {
  return `${at < start ? '-' : '+'}${(Math.abs(at - start) / 1000).toFixed(3)} s`
}
