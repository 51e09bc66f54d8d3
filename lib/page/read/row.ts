import { anchorOf, type DeployedTask, scheduleOf } from '../../aws/tasks'
import { missedTick } from '../../commands/missed'
import { pauseJson, pauseOf } from '../../commands/output/pause'
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
    missed: missedTick(task, lock, runs, { all: runs.length < RECENT, now }),
    running: Object.keys(lock?.slots ?? {}),
    waiting: lock?.waiting.length ?? 0,
  })
}
