import { isWatched } from '../../core/alerts/policy'
import type { WatchMessage } from '../../core/alerts/watch'
import { SCHEDULED_TIME_PLACEHOLDER } from '../../core/message'
import type { Task } from '../config/resolve'

/**
 * What the watcher compares with: the tasks as they are deployed, not as somebody may have left their schedules.
 * Undefined where nothing is to be watched.
 */
export function watchInput(tasks: Task[]): string | undefined {
  const watched = tasks.flatMap(({ name, enabled, schedule, timezone, definition: { alerts } }) =>
    enabled && alerts && isWatched(alerts)
      ? { task: name, schedule: schedule.text, timezone, policy: alerts }
      : [],
  )
  if (watched.length === 0) return undefined
  return JSON.stringify({ watch: SCHEDULED_TIME_PLACEHOLDER, tasks: watched } satisfies WatchMessage)
}
