import { anchorOf, type DeployedTask, scheduleOf } from '../../aws/tasks'
import { pauseJson, pauseOf } from '../../commands/output/pause'
import { MISSED_AFTER } from '../../core/alerts/watch'
import type { Lock } from '../../core/protocol/lock'
import type { BriefRun } from '../../core/protocol/record'
import { nextTick } from '../../core/schedule'
import type { TaskRow } from '../api'
import { markOf, summaryOf, withoutUndefined } from './summary'

/** As many of the newest runs as a row shows. */
export const RECENT = 20

/** `runs`: the newest first, `RECENT` at most. */
export function rowOf(task: DeployedTask, lock: Lock | undefined, runs: BriefRun[], now: number): TaskRow {
  const last = runs.find(({ status }) => status !== 'SKIPPED') ?? runs[0]
  const paused = pauseOf(lock, now)
  const next = task.enabled ? nextTick(scheduleOf(task), now, anchorOf(task)) : undefined
  const { description, tags, owner, schedule, timezone, enabled, definition } = task
  return withoutUndefined({
    task: task.task,
    description,
    tags,
    owner,
    schedule,
    timezone,
    enabled,
    overlap: definition.overlap,
    concurrency: definition.concurrency,
    paused: paused ? pauseJson(paused) : null,
    last: last ? summaryOf(last) : null,
    recent: runs.map(markOf),
    overlapped: runs.filter(({ reason }) => reason === 'overlap' || reason === 'superseded').length,
    next: next ?? null,
    missed: enabled && !paused ? missedTick(task, runs, now) : undefined,
    running: Object.keys(lock?.slots ?? {}),
    waiting: lock?.waiting.length ?? 0,
  })
}

/**
 * The first tick after the newest that has a run, where it is overdue. Of a task that has no tick among its newest runs
 * nothing can be said, unless these are all it has: then its ticks are counted from its deploy.
 */
function missedTick(task: DeployedTask, runs: BriefRun[], now: number): number | undefined {
  const newest = runs.find(({ trigger }) => trigger === 'schedule')
  const deployed = anchorOf(task)
  if (newest === undefined && (runs.length === RECENT || deployed === undefined)) return undefined
  // A deploy may have changed the schedule, and what was due before it is no concern of the new one.
  const since = Math.max(newest === undefined ? 0 : Date.parse(newest.scheduledAt), deployed ?? 0)
  const tick = nextTick(scheduleOf(task), since, since)
  return tick !== undefined && tick + MISSED_AFTER < now ? tick : undefined
}
