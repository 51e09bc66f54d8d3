import { DAY, HOUR, MINUTE, type Schedule, SECOND } from './schedule'

/** The properties of an EventBridge Scheduler schedule, and how its message is to be read. */
export type SchedulerExpression = {
  expression: string
  timezone: string
  /**
   * Set where Scheduler, whose finest step is a minute, cannot say it: the schedule then fires every minute, and each
   * message stands for the ticks of the minute after its own, the multiples of this since the epoch.
   */
  everySeconds?: number
}

/**
 * What EventBridge Scheduler is given for a schedule.
 *
 * An `every` whose ticks are also a cron's (its period divides the hour's or the day's whole) becomes that cron, at one
 * message a tick. `rate`, `cron` and `at` are passed on as they are.
 */
export function schedulerExpression(schedule: Schedule): SchedulerExpression {
  switch (schedule.kind) {
    case 'every': {
      const expression = cronOf(schedule.seconds * SECOND)
      if (expression) return { expression, timezone: 'UTC' }
      return { expression: 'cron(* * * * ? *)', timezone: 'UTC', everySeconds: schedule.seconds }
    }
    case 'rate':
      return { expression: schedule.text, timezone: 'UTC' }
    case 'cron':
    case 'at':
      return { expression: schedule.text, timezone: schedule.timezone }
  }
}

function cronOf(period: number): string | undefined {
  if (period === MINUTE) return 'cron(* * * * ? *)'
  if (period < HOUR && period % MINUTE === 0 && HOUR % period === 0)
    return `cron(0/${period / MINUTE} * * * ? *)`
  if (period === HOUR) return 'cron(0 * * * ? *)'
  if (period < DAY && period % HOUR === 0 && DAY % period === 0) return `cron(0 0/${period / HOUR} * * ? *)`
  if (period === DAY) return 'cron(0 0 * * ? *)'
  return undefined
}

/**
 * What a deployed schedule says, as one would write it: an `every 5 minutes` is deployed as the cron with the same ticks
 * (`schedulerExpression`), which nobody who wrote the former looks for. What is none of these is returned as it is.
 */
export function asWritten(schedule: string, timezone: string): string {
  const every = /^every (\d+) seconds$/.exec(schedule)
  if (every) return everyText(Number(every[1]) * SECOND)
  if (timezone !== 'UTC') return schedule
  const [, minute = '', hour = ''] = /^cron\((\S+) (\S+) \* \* \? \*\)$/.exec(schedule) ?? []
  const step = (field: string) => Number(/^0\/(\d+)$/.exec(field)?.[1] ?? 1)
  const period =
    minute.startsWith('0/') || minute === '*'
      ? step(minute) * MINUTE
      : hour.startsWith('0/') || hour === '*'
        ? step(hour) * HOUR
        : DAY
  return cronOf(period) === schedule ? everyText(period) : schedule
}

function everyText(period: number): string {
  for (const [size, unit] of [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
  ] as const)
    if (period % size === 0) return `every ${period / size} ${unit}${period === size ? '' : 's'}`
  return `every ${period / SECOND} second${period === SECOND ? '' : 's'}`
}

/**
 * The ticks (epoch ms) that the message of an unfolded schedule stands for: the multiples of `everySeconds` since the
 * epoch in the minute after that of `scheduledAt` (epoch ms). Scheduler fires anywhere within a minute, so the ticks of
 * the message's own minute may be gone when it arrives. Empty where the period is longer than a minute and none falls due.
 */
export function ticksOfNextMinute(scheduledAt: number, everySeconds: number): number[] {
  const start = Math.floor(scheduledAt / MINUTE) * MINUTE + MINUTE
  const period = everySeconds * SECOND
  const ticks: number[] = []
  for (let tick = Math.ceil(start / period) * period; tick < start + MINUTE; tick += period) ticks.push(tick)
  return ticks
}
