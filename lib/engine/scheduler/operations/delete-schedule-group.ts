import { invalid } from '../errors'
import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { DEFAULT_GROUP } from '../store/schedule'

export function deleteScheduleGroup({ store, alarms }: SchedulerContext, call: Call) {
  const group = store.group(name(call.name, 'name'))
  if (group.name === DEFAULT_GROUP) throw invalid('Cannot delete the default schedule group.')
  for (const schedule of store.deleteGroup(group.name)) alarms.disarm(schedule)
  return {}
}
