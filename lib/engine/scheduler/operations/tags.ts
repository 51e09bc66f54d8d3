import { invalid } from '../errors'
import { required } from '../input'
import type { Call, SchedulerContext } from '../operation'
import type { ScheduleGroup } from '../store/schedule'

export type Tag = { Key: string; Value: string }

export const tagsOf = (tags: Tag[]) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))

/** Only groups have tags (API reference, TagResource). In the three operations the path's last part is a group's ARN. */
export function tagResource(context: SchedulerContext, call: Call) {
  const group = taggedGroup(context, call)
  const added = tagsOf(required(call.body['Tags'] as Tag[] | undefined, 'tags'))
  context.store.putGroup({ ...group, tags: { ...group.tags, ...added } })
  return {}
}

export function untagResource(context: SchedulerContext, call: Call) {
  const group = taggedGroup(context, call)
  const keys = call.query.getAll('TagKeys')
  const left = Object.entries(group.tags).filter(([key]) => !keys.includes(key))
  context.store.putGroup({ ...group, tags: Object.fromEntries(left) })
  return {}
}

export function listTagsForResource(context: SchedulerContext, call: Call) {
  const { tags } = taggedGroup(context, call)
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

function taggedGroup({ store }: SchedulerContext, { name: arn }: Call): ScheduleGroup {
  const group = /^arn:aws[\w-]*:scheduler:[\w-]+:\d{12}:schedule-group\/([\w.-]+)$/.exec(arn)?.[1]
  if (group === undefined) throw invalid(`${arn} is not the ARN of a schedule group.`)
  return store.group(group)
}
