import { SCHEDULED_TIME_PLACEHOLDER, type TickMessage, writeMessage } from '../../core/message'
import { schedulerExpression } from '../../core/schedule'
import type { Task } from '../config/resolve'

/** The largest input of a schedule (EventBridge Scheduler quotas), in bytes. */
export const MAX_SCHEDULE_INPUT = 256 * 1024

/** The message of a task's ticks: it holds the whole definition, so a run carries the one it was made with. */
export function scheduleInput(task: Task): string {
  const { everySeconds } = schedulerExpression(task.schedule)
  const message: TickMessage = {
    kind: 'tick',
    task: task.name,
    scheduledAt: SCHEDULED_TIME_PLACEHOLDER,
    ...(everySeconds === undefined ? {} : { everySeconds }),
    definition: task.definition,
    ...(task.payload === undefined ? {} : { payload: task.payload }),
    ...(task.tags.length === 0 ? {} : { tags: task.tags }),
    ...(task.owner === undefined ? {} : { owner: task.owner }),
  }
  return writeMessage(message)
}
