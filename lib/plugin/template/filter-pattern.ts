import { filterTerm } from '../../core/filter-term'
import { VERDICT_RECORDS } from '../../core/log-record'
import type { Task } from '../config/resolve'

/** The longest pattern that CloudWatch Logs takes (API reference, PutSubscriptionFilter, filterPattern). */
export const MAX_FILTER_PATTERN = 1024

/** The last line of a function that was written for the old operator. */
const OPERATOR_END = 'End Request'

export function tasksByLogGroup(tasks: Task[]): Map<string, Task[]> {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) {
    const group = task.definition.logGroup
    groups.set(group, [...(groups.get(group) ?? []), task])
  }
  return groups
}

/**
 * What the subscription filter of a log group passes on: of the wrapper's records the two that can change a verdict, and
 * for `operator` targets their last line and the lines that fail them. Undefined where nothing in the group's lines can,
 * as with `plain` targets, of which Lambda itself reports.
 */
export function filterPattern(tasks: Task[]): string | undefined {
  const operators = tasks.filter(({ definition }) => definition.target === 'operator')
  const terms = [
    ...(tasks.some(({ definition }) => definition.target === 'wrapped') ? VERDICT_RECORDS : []),
    ...(operators.length > 0 ? [OPERATOR_END] : []),
    ...operators.flatMap(({ definition }) => definition.failOn),
  ]
  return terms.length === 0 ? undefined : [...new Set(terms)].map((term) => `?${filterTerm(term)}`).join(' ')
}
