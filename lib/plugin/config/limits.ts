import { filterPattern, MAX_FILTER_PATTERN, tasksByLogGroup } from '../template/filter-pattern'
import { MAX_SCHEDULE_INPUT, scheduleInput } from '../template/schedule-input'
import { watchInput } from '../template/watch-input'
import { broken, type Problem } from './problems'
import type { Task } from './resolve'
import type { ServiceSettings } from './schema'

/** The terms of all `operator` tasks that write to one log group share its one filter pattern. */
export function checkFilterPatterns(tasks: Task[]): Problem[] {
  return [...tasksByLogGroup(tasks)].flatMap(([group, sharing]) => {
    const length = filterPattern(sharing)?.length ?? 0
    const names = sharing.filter(({ target }) => target.target === 'operator').map(({ name }) => name)
    if (length <= MAX_FILTER_PATTERN) return []
    return {
      path: `tasks.${names.join(', ')}.failOn`,
      message: `must fit into a filter pattern of ${MAX_FILTER_PATTERN} characters for ${group}, got ${length}; use fewer or shorter terms, or a logGroup of its own`,
    }
  })
}

/** Each is a permission in the checker's resource policy of 20 KB (AWS Lambda Developer Guide, quotas). */
const MAX_LOG_GROUPS = 40

export function checkLogGroups(tasks: Task[]): Problem[] {
  const groups = tasksByLogGroup(tasks).size
  if (groups <= MAX_LOG_GROUPS) return []
  const rule = `must be one of at most ${MAX_LOG_GROUPS} log groups that the tasks of a service have between them`
  return [
    {
      path: 'tasks.*.logGroup',
      message: `${rule}, got ${groups}; let tasks share one, as their streams have their names`,
    },
  ]
}

/** Lines of metrics have no level, which for Lambda is INFO: with a higher one it would drop them. */
export function checkLogLevel({ metrics, logLevel = 'INFO' }: ServiceSettings): Problem[] {
  if (!metrics || ['DEBUG', 'INFO'].includes(logLevel)) return []
  const rule = 'must be DEBUG, INFO or absent where slipstream.metrics is set, which Lambda else leaves out'
  return [{ path: 'slipstream.logLevel', message: broken(rule, logLevel) }]
}

/** What is wrong with the size of a task's message, if anything. */
export function checkScheduleInput(task: Task): string | undefined {
  const bytes = Buffer.byteLength(scheduleInput(task))
  if (bytes <= MAX_SCHEDULE_INPUT) return undefined
  return `must, with the rest of the task, fit into a schedule's input of ${MAX_SCHEDULE_INPUT} bytes, got ${bytes}; put what is large where the function can read it (as in S3), and its name here`
}

/** The watcher is told of all its tasks in one message. */
export function checkWatchInput(tasks: Task[]): Problem[] {
  const bytes = Buffer.byteLength(watchInput(tasks) ?? '')
  if (bytes <= MAX_SCHEDULE_INPUT) return []
  const rule = `must fit, with all tasks that alerts ask to watch (late, missed, stuck), into ${MAX_SCHEDULE_INPUT} bytes, got ${bytes}`
  return [{ path: 'slipstream.alerts.on', message: `${rule}; leave these out of some tasks` }]
}
