import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { DEFAULT_GROUP } from '../store/schedule'

export function deleteSchedule({ store, alarms }: SchedulerContext, call: Call) {
  const group = name(call.query.get('groupName') ?? DEFAULT_GROUP, 'groupName')
  const schedule = store.schedule(group, name(call.name, 'name'))
  alarms.disarm(schedule)
  store.deleteSchedule(schedule)
  return {}
}
