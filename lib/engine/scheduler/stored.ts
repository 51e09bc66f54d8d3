import { nextTick, parseSchedule } from '../../core/schedule'
import { SECOND } from '../../core/schedule/schedule'
import type { StoredSchedule } from './store/schedule'

/** A schedule as it is from `now` on: a rate counts from now, and a one-time schedule whose time is over will not fire. */
export function storedAt(
  now: number,
  schedule: Omit<StoredSchedule, 'anchor' | 'done' | 'modifiedTime'>,
): StoredSchedule {
  const { ScheduleExpression, ScheduleExpressionTimezone } = schedule.definition
  const parsed = parseSchedule(ScheduleExpression, ScheduleExpressionTimezone)
  return {
    ...schedule,
    modifiedTime: now,
    // Scheduled times have whole seconds.
    anchor: Math.floor(now / SECOND) * SECOND,
    done: parsed.kind === 'at' && nextTick(parsed, now) === undefined,
  }
}
