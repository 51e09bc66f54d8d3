import { ScheduleError } from './schedule'

/** Which days of one month a day field names. `month` is 1 to 12. */
export type DayRule = (year: number, month: number) => Iterable<number>

/**
 * The six fields of an EventBridge Scheduler cron, as sorted numbers; the two day fields, of which exactly one counts,
 * as a rule that names the days of a month.
 */
export type Cron = {
  minutes: number[]
  hours: number[]
  days: DayRule
  months: number[]
  years: number[]
}

type Field = { name: string; low: number; high: number; words?: string[] }

const MINUTES: Field = { name: 'minutes', low: 0, high: 59 }
const HOURS: Field = { name: 'hours', low: 0, high: 23 }
const DAY_OF_MONTH: Field = { name: 'day-of-month', low: 1, high: 31 }
const MONTH: Field = {
  name: 'month',
  low: 1,
  high: 12,
  words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
}
/** 1 is Sunday. */
const DAY_OF_WEEK: Field = {
  name: 'day-of-week',
  low: 1,
  high: 7,
  words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
}
const YEAR: Field = { name: 'year', low: 1970, high: 2199 }
const SATURDAY = 7

/**
 * Parses what stands between the brackets of `cron(minutes hours day-of-month month day-of-week year)`.
 *
 * The rules are those of the EventBridge Scheduler User Guide, "Schedule types": `, - * /` in every field, `? L W` in
 * day-of-month, `? L #` in day-of-week, and a `?` in one of the two whenever the other says something. A range that
 * runs backwards (`FRI-MON`) is not documented and is refused; `FRI-SAT,SUN-MON` says the same.
 *
 * @throws {ScheduleError}
 */
export function parseCron(text: string): Cron {
  const fields = text.split(/ +/)
  if (fields.length !== 6 || fields.some((field) => field === '')) {
    throw new ScheduleError(
      `cron(…) must have six fields: minutes hours day-of-month month day-of-week year, not "${text}"`,
    )
  }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleError(
      `cron(…) must have a ? in exactly one of day-of-month and day-of-week, not "${dayOfMonth}" and "${dayOfWeek}"`,
    )
  }
  return {
    minutes: numbers(MINUTES, minutes),
    hours: numbers(HOURS, hours),
    days: dayOfWeek === '?' ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek),
    months: numbers(MONTH, month),
    years: numbers(YEAR, year),
  }
}

function numbers(field: Field, text: string): number[] {
  return sorted(text.split(',').flatMap((part) => span(field, part)))
}

function sorted(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

/** One member of a list: `*`, `5`, `MON`, `1-5`, and each with `/step`; `5/15` counts from 5 to the field's end. */
function span(field: Field, part: string): number[] {
  const [range = '', stepText, ...rest] = part.split('/')
  if (rest.length > 0) throw bad(field, part)
  const step = stepText === undefined ? 1 : Number(/^\d{1,4}$/.test(stepText) ? stepText : Number.NaN)
  if (!(step >= 1 && step <= field.high)) throw bad(field, part)
  const [from, to] = ends(field, range, stepText !== undefined, part)
  if (from > to) throw bad(field, part)
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
}

function ends(field: Field, range: string, stepped: boolean, part: string): [number, number] {
  if (range === '*') return [field.low, field.high]
  const [from = '', to, ...rest] = range.split('-')
  if (rest.length > 0) throw bad(field, part)
  const start = value(field, from, part)
  if (to !== undefined) return [start, value(field, to, part)]
  return [start, stepped ? field.high : start]
}

function value(field: Field, text: string, part: string): number {
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1
  if (word >= 0) return field.low + word
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (!(number >= field.low && number <= field.high)) throw bad(field, part)
  return number
}

function bad({ name, low, high, words }: Field, part: string): ScheduleError {
  const named = words ? ` or ${words[0]} to ${words.at(-1)}` : ''
  return new ScheduleError(
    `the ${name} field of cron(…) takes ${low} to ${high}${named} with , - * /, not "${part}"`,
  )
}

/** Plain days, `L` (the last), `L-3` (three before it), `15W` (the weekday next to the 15th), `LW`. */
function daysOfMonth(text: string): DayRule {
  return union(
    text.split(',').map((part): DayRule => {
      const fromLast = /^L(?:-(\d{1,2}))?(W)?$/.exec(part)
      if (fromLast) {
        const back = Number(fromLast[1] ?? 0)
        if (back > 30) throw bad(DAY_OF_MONTH, part)
        return (year, month) => {
          const day = lastDay(year, month) - back
          if (day < 1) return []
          return [fromLast[2] ? nearestWeekday(year, month, day) : day]
        }
      }
      const weekday = /^(\d{1,2})W$/.exec(part)
      if (weekday) {
        const day = value(DAY_OF_MONTH, weekday[1] as string, part)
        return (year, month) => (day > lastDay(year, month) ? [] : [nearestWeekday(year, month, day)])
      }
      const days = span(DAY_OF_MONTH, part)
      return (year, month) => days.filter((day) => day <= lastDay(year, month))
    }),
  )
}

/** Plain weekdays, `L` (Saturday, the week's last), `6L` (the month's last Friday), `3#2` (its second Tuesday). */
function daysOfWeek(text: string): DayRule {
  const nth = /^([^#]+)#([1-5])$/.exec(text)
  if (nth) {
    const weekday = value(DAY_OF_WEEK, nth[1] as string, text)
    const index = Number(nth[2]) - 1
    return (year, month) => weekdays(year, month, weekday).slice(index, index + 1)
  }
  if (text.includes('#')) {
    throw new ScheduleError(
      `the day-of-week field of cron(…) takes one # expression alone, as in 3#2, not "${text}"`,
    )
  }
  return union(
    text.split(',').map((part): DayRule => {
      if (part === 'L') return (year, month) => weekdays(year, month, SATURDAY)
      const last = /^(.+)L$/.exec(part)
      if (last) {
        const weekday = value(DAY_OF_WEEK, last[1] as string, part)
        return (year, month) => weekdays(year, month, weekday).slice(-1)
      }
      const named = span(DAY_OF_WEEK, part)
      return (year, month) => named.flatMap((weekday) => weekdays(year, month, weekday))
    }),
  )
}

function union(rules: DayRule[]): DayRule {
  return (year, month) => sorted(rules.flatMap((rule) => [...rule(year, month)]))
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** 1 (Sunday) to 7. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1
}

function weekdays(year: number, month: number, weekday: number): number[] {
  const first = 1 + ((weekday - weekdayOf(year, month, 1) + 7) % 7)
  const found: number[] = []
  for (let day = first; day <= lastDay(year, month); day += 7) found.push(day)
  return found
}

/** Monday to Friday, never leaving the month: Saturday the 1st becomes Monday the 3rd. */
function nearestWeekday(year: number, month: number, day: number): number {
  switch (weekdayOf(year, month, day)) {
    case 1:
      return day === lastDay(year, month) ? day - 2 : day + 1
    case SATURDAY:
      return day === 1 ? day + 2 : day - 1
    default:
      return day
  }
}
