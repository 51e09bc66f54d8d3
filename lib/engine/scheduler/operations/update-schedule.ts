import { type DefinitionBody, definitionOf } from '../definition'
import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { DEFAULT_GROUP } from '../store/schedule'
import { storedAt } from '../stored'

export function updateSchedule({ store, alarms, clock }: SchedulerContext, call: Call) {
  const body: DefinitionBody = call.body
  const group = name(body.GroupName ?? DEFAULT_GROUP, 'groupName')
  const definition = definitionOf(body)
  const schedule = store.schedule(group, name(call.name, 'name'))
  const updated = storedAt(clock.now(), { ...schedule, definition })
  store.putSchedule(updated)
  alarms.armFresh(updated)
  return { ScheduleArn: store.arnOf(updated) }
}
