import { nextTick, parseSchedule } from '../../../core/schedule'
import type { StoredSchedule } from '../store/schedule'

/**
 * When a schedule fires next, later than `after` (epoch ms); undefined when it is off or will not any more. A flexible time
 * window is used at its start. A one-time schedule that has not fired is due even if its time is over: on AWS, which
 * never sleeps, it would have.
 */
export function nextDue(schedule: StoredSchedule, after: number): number | undefined {
  const { definition, anchor, done } = schedule
  if (definition.State === 'DISABLED') return undefined
  const parsed = parseSchedule(definition.ScheduleExpression, definition.ScheduleExpressionTimezone)
  // StartDate and EndDate do not count for a one-time schedule (API reference, CreateSchedule).
  if (parsed.kind === 'at') return done ? undefined : nextTick(parsed, Number.NEGATIVE_INFINITY)
  const { StartDate: start, EndDate: end } = definition
  const from = start === undefined ? after : Math.max(after, start - 1)
  const tick = nextTick(parsed, from, start ?? anchor)
  return tick === undefined || (end !== undefined && tick > end) ? undefined : tick
}
