/**
 * A schedule in words, where it is one of the plain ones; else as it is written. An `every 5 minutes` is deployed as the
 * cron that says the same, so that form is read back.
 */
export function scheduleWords(schedule: string): string {
  const every = /^every (\d+) seconds$/.exec(schedule)
  if (every) return everyWords(Number(every[1]))
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule)
  if (rate) return everyWords(Number(rate[1]) * (SECONDS[rate[2] ?? ''] ?? 0))
  const at = /^at\((.*)\)$/.exec(schedule)
  if (at) return `once, ${at[1]?.replace('T', ' ')}`
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(schedule)
  return (cron && cronWords(cron.slice(1))) ?? schedule
}

const SECONDS: Record<string, number> = { minute: 60, hour: 3600, day: 86_400 }

function everyWords(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const)
    if (seconds >= size && seconds % size === 0) {
      const count = seconds / size
      return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`
    }
  return seconds === 1 ? 'every second' : `every ${seconds} seconds`
}

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays']

function cronWords([minute = '', hour = '', day = '', month = '', weekday = '', year = '']: string[]) {
  if (month !== '*' || year !== '*') return undefined
  const allDays = (day === '*' && weekday === '?') || (day === '?' && weekday === '*')
  if (allDays && minute === '*' && hour === '*') return 'every minute'
  if (allDays && hour === '*' && /^0\/\d+$/.test(minute)) return everyWords(Number(minute.slice(2)) * 60)
  if (allDays && minute === '0' && /^0\/\d+$/.test(hour)) return everyWords(Number(hour.slice(2)) * 3600)
  if (allDays && hour === '*' && /^\d+$/.test(minute))
    return minute === '0' ? 'every hour' : `every hour at :${two(minute)}`
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return undefined
  const time = `${two(hour)}:${two(minute)}`
  if (allDays) return `daily at ${time}`
  if (/^\d+$/.test(day) && weekday === '?') return `monthly on day ${day} at ${time}`
  if (day !== '?') return undefined
  if (weekday === 'MON-FRI' || weekday === '2-6') return `weekdays at ${time}`
  const name = /^[1-7]$/.test(weekday) ? Number(weekday) - 1 : NAMES.indexOf(weekday)
  return name >= 0 ? `${DAYS[name]} at ${time}` : undefined
}

const two = (text: string) => text.padStart(2, '0')

/** The time zone counts for what speaks of the wall clock only. */
export function zoneOf({ schedule, timezone }: { schedule: string; timezone: string }): string | undefined {
  return /^(cron|at)/.test(schedule) && !isPlainCron(schedule) ? timezone : undefined
}

const isPlainCron = (schedule: string) => scheduleWords(schedule).startsWith('every ')
