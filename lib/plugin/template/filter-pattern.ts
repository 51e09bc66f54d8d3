import type { Task } from '../config/resolve'

/** The longest pattern that CloudWatch Logs takes (API reference, PutSubscriptionFilter, filterPattern). */
export const MAX_FILTER_PATTERN = 1024

/** With quotes of its own, which a line of the user's only has where it holds such a record as text. */
const RECORDS = ['{"slipstream":"error"', '{"slipstream":"end"']
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
    ...(tasks.some(({ definition }) => definition.target === 'wrapped') ? RECORDS : []),
    ...(operators.length > 0 ? [OPERATOR_END] : []),
    ...operators.flatMap(({ definition }) => definition.failOn),
  ]
  return terms.length === 0 ? undefined : [...new Set(terms)].map((term) => `?${quoted(term)}`).join(' ')
}

/** The quoting is what AWS's own CDK writes (`aws-logs/lib/pattern.ts`, quoteTerm); the documentation is silent. */
function quoted(term: string): string {
  return `"${term.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
