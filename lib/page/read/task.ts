import { readLockOf } from '../../aws/locks'
import { readBriefRuns } from '../../aws/runs'
import { anchorOf, scheduleOf } from '../../aws/tasks'
import { runTime } from '../../commands/output/run'
import type { Session } from '../../commands/session'
import type { BriefRun } from '../../core/protocol/record'
import { interval } from '../../core/schedule'
import { comingTicks } from '../../core/schedule/coming'
import type { RunPage, TaskDetail } from '../api'
import { RECENT, rowOf } from './row'
import { summaryOf, withoutUndefined } from './summary'

const COMING = 5
const RUNS = 50

/** @throws {CommandError} where there is no such task */
export async function readTaskDetail(session: Session, name: string): Promise<TaskDetail> {
  const { clients, names } = session
  const [task, lock, runs] = await Promise.all([
    session.task(name),
    readLockOf(clients.dynamoDb, names.locksTable, name),
    readBriefRuns(clients.dynamoDb, names.runsTable, name, { limit: RUNS + 1 }),
  ])
  const now = session.now()
  const schedule = scheduleOf(task)
  return withoutUndefined({
    now,
    row: rowOf(task, lock, runs.slice(0, RECENT), now),
    definition: task.definition,
    payload: task.payload,
    changedAt: task.changedAt,
    coming: task.enabled ? comingTicks(schedule, now, COMING, anchorOf(task)) : [],
    holders: Object.entries(lock.slots)
      .sort()
      .map(([run, until]) => ({ run, until })),
    waiting: [...lock.waiting],
    runs: runs.slice(0, RUNS).map(summaryOf),
    more: runs.length > RUNS,
    duration: durationOf(runs, now),
    interval: interval(schedule, now) ?? null,
  })
}

/** The runs before that key. */
export async function readRunsBefore(session: Session, task: string, before: string): Promise<RunPage> {
  const { clients, names } = session
  // BETWEEN includes its ends.
  const runs = await readBriefRuns(clients.dynamoDb, names.runsTable, task, { to: before, limit: RUNS + 2 })
  const older = runs.filter(({ run }) => run < before)
  return { runs: older.slice(0, RUNS).map(summaryOf), more: older.length > RUNS }
}

/** How long the runs took that ended by themselves. */
function durationOf(runs: BriefRun[], now: number): TaskDetail['duration'] {
  const times = runs
    .filter(({ status }) => status === 'SUCCEEDED' || status === 'FAILED' || status === 'TIMED_OUT')
    .map((run) => runTime(run, now))
    .filter((time) => time !== undefined)
    .sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] ?? 0
  return times.length === 0 ? null : { p50: at(0.5), p95: at(0.95), count: times.length }
}
