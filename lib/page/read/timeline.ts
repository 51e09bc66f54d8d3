import { inParallel } from '../../aws/in-parallel'
import { readBriefRuns } from '../../aws/runs'
import { anchorOf, type DeployedTask, scheduleOf } from '../../aws/tasks'
import type { Session } from '../../commands/session'
import { MISSED_AFTER } from '../../core/alerts/watch'
import { type BriefRun, STATUSES } from '../../core/protocol/record'
import { nextTick } from '../../core/schedule'
import type { Bar, Timeline, TimelineRow } from '../api'

/** More bars than that in a row cannot be told apart. */
const BARS = 300
const COMING = 100
const AT_ONCE = 16

/** The runs of `tasks` between two instants (epoch ms). */
export async function readTimeline(
  session: Session,
  tasks: readonly DeployedTask[],
  from: number,
  to: number,
): Promise<Timeline> {
  const now = session.now()
  return { now, from, to, rows: await inParallel(tasks, AT_ONCE, (task) => rowOf(session, task, from, to)) }
}

async function rowOf(session: Session, task: DeployedTask, from: number, to: number): Promise<TimelineRow> {
  const { clients, names } = session
  const now = session.now()
  const runs = await readBriefRuns(clients.dynamoDb, names.runsTable, task.task, {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    limit: BARS + 1,
  })
  const cutOff = runs.length > BARS ? Date.parse(runs[BARS - 1]?.run ?? '') : undefined
  return {
    task: task.task,
    bars: runs.slice(0, BARS).map(barOf),
    missed: missedTicks(task, runs, Math.max(from, cutOff ?? 0, anchorOf(task) ?? 0), now - MISSED_AFTER),
    coming: [...ticks(task, Math.max(now, from), to)].slice(0, COMING),
    ...(cutOff === undefined ? {} : { since: cutOff }),
  }
}

function barOf({ run, status, startedAt, queuedAt, finishedAt, scheduledAt }: BriefRun): Bar {
  const start = Date.parse(startedAt ?? queuedAt ?? finishedAt ?? scheduledAt)
  const end = finishedAt === undefined ? null : Date.parse(finishedAt)
  // A run that was skipped has no length: its place is where it was due.
  if (status === 'SKIPPED') return [Date.parse(run), STATUSES.indexOf(status), Date.parse(scheduledAt), end]
  return [Date.parse(run), STATUSES.indexOf(status), start, end]
}

/** Due after its deploy, and without a run. A rate's phase is known to AWS alone. */
function missedTicks(task: DeployedTask, runs: BriefRun[], from: number, to: number): number[] {
  if (!task.enabled || scheduleOf(task).kind === 'rate') return []
  const ran = new Set(runs.map(({ run }) => Date.parse(run)))
  return [...ticks(task, from, to)].filter((tick) => !ran.has(tick)).slice(-COMING)
}

function* ticks(task: DeployedTask, after: number, to: number): Generator<number> {
  if (!task.enabled) return
  const schedule = scheduleOf(task)
  let tick = nextTick(schedule, after, anchorOf(task))
  for (let count = 0; tick !== undefined && tick <= to && count < 10 * BARS; count++) {
    yield tick
    tick = nextTick(schedule, tick, anchorOf(task))
  }
}
