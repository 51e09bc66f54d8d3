import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import type { ScheduleGroup } from '../store/schedule'
import type { ScheduleStore } from '../store/schedule-store'

export function getScheduleGroup({ store }: SchedulerContext, call: Call) {
  return describeGroup(store, store.group(name(call.name, 'name')))
}

/** A group never changes but in its tags, and is gone as soon as it is deleted. */
export function describeGroup(store: ScheduleStore, group: ScheduleGroup) {
  return {
    Arn: store.groupArn(group.name),
    Name: group.name,
    State: 'ACTIVE',
    CreationDate: group.creationTime / 1000,
    LastModificationDate: group.creationTime / 1000,
  }
}
