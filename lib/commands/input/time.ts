import { instantOf, wallTime } from '../../core/schedule/zone'
import { usageError } from '../errors'

const SECOND = 1000
const DAY = 86_400 * SECOND
const UNITS: Record<string, number> = { s: 1, min: 60, m: 60, h: 3600, d: 86_400, w: 604_800 }
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** `20m`, `1.5h`, `3 days`: milliseconds; undefined for what is none. */
function durationOf(text: string): number | undefined {
  const [, amount, unit = ''] =
    /^(\d+(?:\.\d+)?) *(s|m|min|h|d|w)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?|ays?|eeks?)?$/i.exec(text.trim()) ??
    []
  const factor = UNITS[unit.toLowerCase()]
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor * SECOND
}

/** @throws {CommandError} */
export function parseDuration(option: string, text: string): number {
  const duration = durationOf(text)
  if (duration === undefined)
    throw usageError(`--${option} must be a time span such as 90s, 20m, 2h or 3d, got "${text}"`)
  return duration
}

type Day = { start: number; end: number }

/** A day of the wall clock in `timezone` (epoch ms): its first millisecond, and the first of the day after. */
function dayOf(date: string, timezone: string): Day | undefined {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(midnight)) return undefined
  if (new Date(midnight).toISOString().slice(0, 10) !== date) return undefined
  return { start: startOfDay(midnight, timezone), end: startOfDay(midnight + DAY, timezone) }
}

/** A midnight that the clocks skip gives the first moment after it. */
function startOfDay(midnight: number, timezone: string): number {
  for (let wall = midnight; ; wall += 15 * 60 * SECOND) {
    const instant = instantOf(wall, timezone)
    if (instant !== undefined) return instant
  }
}

/** A date and time; without a zone it is the wall clock's in `timezone`. */
function instantOfText(text: string, timezone: string): number | undefined {
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? []
  if (date === undefined) return undefined
  const wall = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(wall)) return undefined
  if (zone === undefined) return instantOf(wall, timezone)
  const instant = Date.parse(`${date}T${time}${zone.toUpperCase()}`)
  return Number.isNaN(instant) ? undefined : instant
}

function nextWeekday(name: string, now: number, timezone: string): number | undefined {
  const weekday = WEEKDAYS.indexOf(name.toLowerCase())
  if (weekday < 0) return undefined
  const today = Math.floor(wallTime(now, timezone) / DAY) * DAY
  const ahead = (weekday - new Date(today).getUTCDay() + 6) % 7
  return startOfDay(today + (ahead + 1) * DAY, timezone)
}

type Reading = { now: number; timezone: string }

/**
 * A moment still to come: a span from now, the name of a weekday (its next beginning), a date (its beginning), or a date
 * and time. What names no zone is meant in `timezone`.
 *
 * @throws {CommandError}
 */
export function parseComing(option: string, text: string, { now, timezone }: Reading): number {
  const span = durationOf(text)
  const at =
    span !== undefined
      ? now + span
      : (nextWeekday(text, now, timezone) ?? dayOf(text, timezone)?.start ?? instantOfText(text, timezone))
  if (at === undefined)
    throw usageError(
      `--${option} must be a span (2h, 3d), a weekday, a date or a time such as 2027-01-31T18:00Z, got "${text}"`,
    )
  if (at <= now) throw usageError(`--${option} is over already: ${new Date(at).toISOString()}`)
  return at
}

/** A moment that has been: a span before now, a date (its beginning), or a date and time. @throws {CommandError} */
export function parsePast(option: string, text: string, { now, timezone }: Reading): number {
  const span = durationOf(text)
  const at = span !== undefined ? now - span : (dayOf(text, timezone)?.start ?? instantOfText(text, timezone))
  if (at === undefined)
    throw usageError(
      `--${option} must be a span (10m, 24h), a date or a time such as 2027-01-31T18:00Z, got "${text}"`,
    )
  return at
}

/** `today`, `yesterday`, or the last weekday of that name before today. */
function pastDay(name: string, now: number, timezone: string): Day | undefined {
  const word = name.toLowerCase()
  const today = Math.floor(wallTime(now, timezone) / DAY) * DAY
  const weekday = WEEKDAYS.indexOf(word)
  const back =
    weekday < 0 ? ['today', 'yesterday'].indexOf(word) : ((new Date(today).getUTCDay() - weekday + 6) % 7) + 1
  if (back < 0) return undefined
  const midnight = today - back * DAY
  return { start: startOfDay(midnight, timezone), end: startOfDay(midnight + DAY, timezone) }
}

/**
 * One end of a range in the past: a whole day, or a moment, which belongs to the range; a span is a moment so long
 * before now. Epoch ms.
 *
 * @throws {CommandError}
 */
export function parseBound(
  option: string,
  text: string,
  { now, timezone }: Reading,
  end: 'from' | 'to',
): number {
  const day = dayOf(text, timezone) ?? pastDay(text, now, timezone)
  const span = durationOf(text)
  const moment = span === undefined ? instantOfText(text, timezone) : now - span
  const at = day ? (end === 'from' ? day.start : day.end - 1) : moment
  if (at === undefined)
    throw usageError(
      `--${option} must be a date, "yesterday", a weekday, a span (1w) or a time such as 2027-01-31T18:00Z, got "${text}"`,
    )
  return at
}

/** @throws {CommandError} */
export function parseCount(option: string, text: string, most: number): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < 1 || count > most)
    throw usageError(`--${option} must be a whole number from 1 to ${most}, got "${text}"`)
  return count
}
