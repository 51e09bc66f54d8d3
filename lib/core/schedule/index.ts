export { parseSchedule } from './parse'
export { type Schedule, ScheduleError } from './schedule'
export {
  asWritten,
  schedulerExpression,
  ticksOfNextMinute,
} from './scheduler-expression'
export { interval, nextTick, nextTicks } from './ticks'
export { checkTimezone } from './zone'
