import { inParallel } from '../../aws/in-parallel'
import { readRuns } from '../../aws/runs'
import { type DeployedTask, scheduleOf } from '../../aws/tasks'
import { MISSED_AFTER } from '../../core/alerts/watch'
import { counted } from '../../core/counted'
import { WAITING_LIMIT } from '../../core/protocol/lock'
import type { RunRecord } from '../../core/protocol/record'
import { nextTick } from '../../core/schedule'
import { relative } from '../output/time'
import { type Finding, LATENESS, type Service } from './finding'
import { missingRight } from './rights'

const AT_ONCE = 16
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Ticks of a task that are looked for, the newest. */
const MOST_TICKS = 500
/** Runs that were skipped or go on say nothing of rights; so many are looked at for one that ended. */
const LOOK_BACK = 20

/** What the newest runs of each task show: the last day's, and so many whatever their age. */
export async function checkRuns(service: Service): Promise<Finding[]> {
  const { session, tasks } = service
  const found = await inParallel(tasks, AT_ONCE, async (task) => {
    const due = dueTicks(service, task)
    const runs = await newestRuns(service, task, due[0])
    return [
      missingRight(session.names.dispatcher, task, runs.slice(0, LOOK_BACK)),
      missedTicks(service, task, due, runs),
      strandedRuns(service, task, runs),
    ]
  })
  return found.flat().filter((finding) => finding !== undefined)
}

/** The newest first; those from the tick `first` on are among them. */
async function newestRuns(
  { session: { clients, names } }: Service,
  { task }: DeployedTask,
  first: string | undefined,
): Promise<RunRecord[]> {
  const newest = await readRuns(clients.dynamoDb, names.runsTable, task, { limit: LOOK_BACK })
  const oldest = newest[LOOK_BACK - 1]
  if (first === undefined || oldest === undefined || oldest.run <= first) return newest
  return readRuns(clients.dynamoDb, names.runsTable, task, { from: first })
}

/** The ticks of the last day, the oldest first. */
function dueTicks({ now }: Service, task: DeployedTask): string[] {
  const schedule = scheduleOf(task)
  // The phase of a rate is AWS's own affair. Before the last deploy the schedule may have been another.
  if (!task.enabled || schedule.kind === 'rate') return []
  const changed = task.changedAt === undefined ? 0 : Date.parse(task.changedAt) + 2 * MINUTE
  const end = now - MISSED_AFTER
  const begin = Math.max(now - DAY, changed)
  const ticks: number[] = []
  for (
    let tick = nextTick(schedule, begin);
    tick !== undefined && tick <= end;
    tick = nextTick(schedule, tick)
  )
    ticks.push(tick)
  return ticks.slice(-MOST_TICKS).map((tick) => new Date(tick).toISOString())
}

/** Ticks for which there is no record, not even one that says SKIPPED. */
function missedTicks(
  { session, now }: Service,
  { task }: DeployedTask,
  due: readonly string[],
  runs: readonly RunRecord[],
): Finding | undefined {
  const known = new Set(runs.map(({ run }) => run))
  const missed = due.filter((tick) => !known.has(tick))
  const [oldest] = missed
  const newest = missed.at(-1)
  if (oldest === undefined || newest === undefined) return undefined
  return {
    kind: 'problem',
    code: 'tick-without-run',
    task,
    what:
      missed.length === 1
        ? `the tick ${oldest} (${relative(Date.parse(oldest), now)}) has no run`
        : `${missed.length} of ${due.length} ticks have no run, from ${oldest} to ${newest}`,
    advice: session.hint(`backfill -f ${task} --from ${oldest} --to ${newest}`),
  }
}

/**
 * Runs that are QUEUED, and for which nobody will make room: they are not in the waiting list. The locks were read before
 * the records, so one that joins meanwhile is too young to be one of them.
 */
function strandedRuns(
  { session, locks, now }: Service,
  { task }: DeployedTask,
  runs: readonly RunRecord[],
): Finding | undefined {
  const { slots = {}, waiting = [] } = locks.get(task) ?? {}
  // Who found the list full comes again after a minute, and until then that is how it looks.
  if (waiting.length > WAITING_LIMIT / 2) return undefined
  const stranded = runs
    .filter(({ status, queuedAt = '' }) => status === 'QUEUED' && Date.parse(queuedAt) < now - LATENESS)
    .map(({ run }) => run)
    .filter((run) => !(run in slots) && !waiting.includes(run))
  const [newest] = stranded
  const oldest = stranded.at(-1)
  if (newest === undefined || oldest === undefined) return undefined
  return {
    kind: 'problem',
    code: 'run-stranded',
    task,
    what:
      stranded.length === 1
        ? `${oldest} is QUEUED and not in the waiting list`
        : `${counted(stranded.length, 'run')} are QUEUED and not in the waiting list, from ${oldest} to ${newest}`,
    advice: session.hint('check --repair'),
  }
}
