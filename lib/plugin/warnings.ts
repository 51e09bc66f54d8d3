import { interval, schedulerExpression } from '../core/schedule'
import type { ServiceConfig, Task } from './config/resolve'

const MINUTE_IN_SECONDS = 60

/** What a task asks for that cannot always be kept: allowed, and told. */
export function describeWeakTasks({ tasks }: ServiceConfig, now = Date.now()): string[] {
  return tasks.flatMap((task) => [...tooNarrow(task), ...fallsBehind(task, now)])
}

/** An interval that is unfolded has its ticks sent ahead, to the second; any other comes when Scheduler fires. */
function tooNarrow({ name, schedule, definition }: Task): string[] {
  const { startWithin } = definition
  const isUnfolded = schedulerExpression(schedule).everySeconds !== undefined
  if (startWithin === null || startWithin >= MINUTE_IN_SECONDS || isUnfolded) return []
  return [
    `tasks.${name}.startWithin: EventBridge Scheduler fires anywhere within a tick's minute, and a tick that is older than ${startWithin} s is SKIPPED too-late; say 1 minute or more`,
  ]
}

function fallsBehind({ name, schedule, definition }: Task, now: number): string[] {
  const { overlap, startWithin, concurrency, timeout } = definition
  const every = interval(schedule, now)
  if (overlap !== 'queue' || startWithin !== null || every === undefined) return []
  const seconds = every / 1000
  if (timeout <= seconds * concurrency) return []
  return [
    `tasks.${name}: with overlap queue and no startWithin it falls behind for ever when runs take longer than ${seconds * concurrency} s, and they may take ${timeout} s; raise concurrency, lower timeout, or set startWithin`,
  ]
}
