import { anchorOf, type DeployedTask, scheduleOf } from '../aws/tasks'
import { MISSED_AFTER } from '../core/alerts/watch'
import type { Lock } from '../core/protocol/lock'
import type { BriefRun } from '../core/protocol/record'
import { nextTick } from '../core/schedule'
import { pauseOf } from './output/pause'

/**
 * The first tick (epoch ms) that should have a run by now and has none: what alerts call missed too. `runs`: the newest
 * first. Of a task that has no tick among them nothing can be said, unless these are `all` it has: then its ticks are
 * counted from its deploy.
 */
export function missedTick(
  task: DeployedTask,
  lock: Lock | undefined,
  runs: BriefRun[],
  { all, now }: { all: boolean; now: number },
): number | undefined {
  if (!task.enabled || pauseOf(lock, now)) return undefined
  const newest = runs.find(({ trigger }) => trigger === 'schedule')
  const deployed = anchorOf(task)
  if (newest === undefined && (!all || deployed === undefined)) return undefined
  // A deploy may have changed the schedule, and what was due before it is no concern of the new one.
  const since = Math.max(newest === undefined ? 0 : Date.parse(newest.scheduledAt), deployed ?? 0)
  const tick = nextTick(scheduleOf(task), since, since)
  return tick !== undefined && tick + MISSED_AFTER < now ? tick : undefined
}
