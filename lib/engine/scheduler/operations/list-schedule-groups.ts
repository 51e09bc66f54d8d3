import type { Call, SchedulerContext } from '../operation'
import { page } from '../paging'
import { describeGroup } from './get-schedule-group'

export function listScheduleGroups({ store }: SchedulerContext, { query }: Call) {
  const prefix = query.get('NamePrefix') ?? ''
  const found = store.allGroups().filter((group) => group.name.startsWith(prefix))
  const { items, ...next } = page(found, (group) => group.name, query)
  return { ScheduleGroups: items.map((group) => describeGroup(store, group)), ...next }
}
