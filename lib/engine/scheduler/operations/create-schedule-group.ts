import { conflict } from '../errors'
import { name } from '../input'
import type { Call, SchedulerContext } from '../operation'
import { type Tag, tagsOf } from './tags'

export function createScheduleGroup({ store, clock }: SchedulerContext, call: Call) {
  const group = name(call.name, 'name')
  const { ClientToken, Tags } = call.body as { ClientToken?: string; Tags?: Tag[] }
  const existing = store.findGroup(group)
  // With the same token the client lost our answer and asks again.
  if (existing && (ClientToken === undefined || existing.clientToken !== ClientToken)) {
    throw conflict(`Schedule group ${group} already exists.`)
  }
  if (!existing) {
    store.putGroup({
      name: group,
      creationTime: clock.now(),
      tags: tagsOf(Tags ?? []),
      ...(ClientToken !== undefined && { clientToken: ClientToken }),
    })
  }
  return { ScheduleGroupArn: store.groupArn(group) }
}
