import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { DEFAULT_GROUP } from '../store/schedule'

export function getSchedule({ store }: SchedulerContext, call: Call) {
  const group = name(call.query.get('groupName') ?? DEFAULT_GROUP, 'groupName')
  const schedule = store.schedule(group, name(call.name, 'name'))
  const { StartDate, EndDate, ...definition } = schedule.definition
  return {
    Arn: store.arnOf(schedule),
    Name: schedule.name,
    GroupName: group,
    CreationDate: schedule.creationTime / 1000,
    LastModificationDate: schedule.modifiedTime / 1000,
    ...definition,
    ...(StartDate !== undefined && { StartDate: StartDate / 1000 }),
    ...(EndDate !== undefined && { EndDate: EndDate / 1000 }),
  }
}
