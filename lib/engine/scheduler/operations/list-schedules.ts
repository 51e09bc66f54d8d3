import { oneOf } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { page } from '../paging'
import { keyOf } from '../store/schedule-store'

export function listSchedules({ store }: SchedulerContext, { query }: Call) {
  const group = query.get('ScheduleGroup')
  const prefix = query.get('NamePrefix') ?? ''
  const state = query.get('State')
  if (state !== null) oneOf(state, 'state', ['ENABLED', 'DISABLED'])
  if (group !== null) store.group(group)
  const found = store
    .allSchedules()
    .filter((schedule) => group === null || schedule.group === group)
    .filter((schedule) => schedule.name.startsWith(prefix))
    .filter((schedule) => state === null || schedule.definition.State === state)
  const { items, ...next } = page(found, (schedule) => keyOf(schedule.group, schedule.name), query)
  const Schedules = items.map((schedule) => ({
    Arn: store.arnOf(schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.definition.State,
    CreationDate: schedule.creationTime / 1000,
    LastModificationDate: schedule.modifiedTime / 1000,
    Target: { Arn: schedule.definition.Target.Arn },
  }))
  return { Schedules, ...next }
}
