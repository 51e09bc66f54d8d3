import { type DefinitionBody, definitionOf } from '../definition'
import { conflict } from '../errors'
import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { DEFAULT_GROUP } from '../store/schedule'
import { storedAt } from '../stored'

export function createSchedule({ store, alarms, clock }: SchedulerContext, call: Call) {
  const body: DefinitionBody = call.body
  const schedule = {
    name: name(call.name, 'name'),
    group: name(body.GroupName ?? DEFAULT_GROUP, 'groupName'),
  }
  const definition = definitionOf(body)
  store.group(schedule.group)
  const existing = store.findSchedule(schedule.group, schedule.name)
  if (existing) {
    // The client lost our answer and asks again.
    if (body.ClientToken !== undefined && existing.clientToken === body.ClientToken) {
      return { ScheduleArn: store.arnOf(schedule) }
    }
    throw conflict(`Schedule ${schedule.name} already exists.`)
  }
  const now = clock.now()
  const created = storedAt(now, {
    ...schedule,
    creationTime: now,
    definition,
    ...(body.ClientToken !== undefined && { clientToken: body.ClientToken }),
  })
  store.putSchedule(created)
  alarms.armFresh(created)
  return { ScheduleArn: store.arnOf(created) }
}
