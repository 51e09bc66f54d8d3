import { parseCron } from './cron'
import { DAY, HOUR, MINUTE, type Schedule, ScheduleError, SECOND } from './schedule'
import { checkTimezone } from './zone'

const UNITS: Record<string, number> = { second: SECOND, minute: MINUTE, hour: HOUR, day: DAY }

const FORMS =
  'must be "every N seconds|minutes|hours|days", "rate(N minutes|hours|days)", "cron(minutes hours day-of-month ' +
  'month day-of-week year)" or "at(yyyy-mm-ddThh:mm:ss)"'

/**
 * Reads a schedule expression. `timezone` (IANA) is for `cron(…)` and `at(…)`; the others count from an instant.
 *
 * What AWS accepts and refuses in its three forms was taken from the EventBridge Scheduler User Guide, "Schedule types",
 * and from recorded answers of the service.
 *
 * @throws {ScheduleError}
 */
export function parseSchedule(text: string, timezone: string): Schedule {
  checkTimezone(timezone)
  const every = /^every +(\S+) +(second|minute|hour|day)s?$/.exec(text)
  if (every) return { kind: 'every', text, seconds: duration(every, text) / SECOND }
  const rate = /^rate\((\S+) (minute|hour|day)s?\)$/.exec(text)
  if (rate) return { kind: 'rate', text, period: duration(rate, text) }
  const cron = /^cron\((.*)\)$/.exec(text)
  if (cron) return { kind: 'cron', text, timezone, cron: parseCron(cron[1] as string) }
  const at = /^at\((.*)\)$/.exec(text)
  if (at) return { kind: 'at', text, timezone, local: localTime(at[1] as string) }
  if (/^rate\(\S+ seconds?\)$/.test(text)) {
    throw new ScheduleError(`rate(…) takes minutes, hours or days, not "${text}": write "every N seconds"`)
  }
  throw new ScheduleError(`${FORMS}, not "${text}"`)
}

/** Milliseconds. */
function duration([, amount = '', unit = '']: RegExpExecArray, text: string): number {
  const milliseconds = Number(amount) * (UNITS[unit] ?? Number.NaN)
  if (!/^[1-9]\d*$/.test(amount) || !Number.isSafeInteger(milliseconds)) {
    throw new ScheduleError(
      `the number of ${unit}s must be a whole number from 1, not "${amount}" in "${text}"`,
    )
  }
  return milliseconds
}

function localTime(text: string): number {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN
  // Date.parse turns the 30th of February into the 2nd of March.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== text) {
    throw new ScheduleError(
      `at(…) must hold a date and time as in at(2027-01-31T18:00:00), without a zone (that is timezone's), not "${text}"`,
    )
  }
  return local
}
