import { inParallel } from '../aws/in-parallel'
import { readLocks } from '../aws/locks'
import { readBriefRuns, readRun } from '../aws/runs'
import { anchorOf, type DeployedTask, scheduleOf } from '../aws/tasks'
import type { Lock, Pause } from '../core/protocol/lock'
import { type BriefRun, isEnded, type RunRecord } from '../core/protocol/record'
import { runJson } from '../core/run-json'
import { asWritten, nextTick } from '../core/schedule'
import { EXIT } from './errors'
import { parseTaskStates, type TaskState } from './input/status'
import { missedTick } from './missed'
import type { Options } from './options'
import { colourOf } from './output/colour'
import { pauseJson, pauseOf } from './output/pause'
import { type Cell, table } from './output/table'
import { relative, rough } from './output/time'
import type { Session } from './session'

/** A task as the list tells of it. */
type Entry = {
  task: DeployedTask
  lock: Lock | undefined
  /** The newest run that was not skipped, else the newest. */
  last: BriefRun | undefined
  next: number | undefined
  missed: number | undefined
  paused: Pause | undefined
}

/** So many records are looked at for one that was not skipped, and for a tick's. */
const LOOK_BACK = 20
/** DynamoDB takes thousands of small queries a second; sockets are the limit here. */
const AT_ONCE = 16

/** `tasks list` */
export async function run(session: Session, options: Options<'list'>): Promise<number> {
  const statuses = parseTaskStates(options.status)
  const { names, clients, io } = session
  const tasks = await session.tasks()
  if (tasks.length === 0) throw session.noTasks()
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  const now = session.now()
  const newestOf = (task: string, limit: number) =>
    readBriefRuns(clients.dynamoDb, names.runsTable, task, { limit })
  const entries = await inParallel(tasks, AT_ONCE, async (task): Promise<Entry> => {
    let runs = await newestOf(task.task, 1)
    const [newest] = runs
    // Few tasks were skipped or run by hand last, so one record is most of what there is to read.
    const more = newest && (newest.status === 'SKIPPED' || newest.trigger !== 'schedule')
    if (more) runs = await newestOf(task.task, LOOK_BACK)
    const lock = locks.get(task.task)
    return {
      task,
      lock,
      last: runs.find(({ status }) => status !== 'SKIPPED') ?? newest,
      next: task.enabled ? nextTick(scheduleOf(task), now, anchorOf(task)) : undefined,
      missed: missedTick(task, lock, runs, { all: runs.length < (more ? LOOK_BACK : 1), now }),
      paused: pauseOf(lock, now),
    }
  })
  const shown = entries
    .filter((entry) => !statuses || statesOf(entry).some((state) => statuses.includes(state)))
    .filter(({ task }) => !options.tag || task.tags.includes(options.tag))
    .filter(({ paused }) => !options.paused || paused)
    .sort((a, b) => urgency(a) - urgency(b) || (a.task.task < b.task.task ? -1 : 1))

  if (options.json)
    session.json(
      await inParallel(shown, AT_ONCE, async (entry) => {
        const { task, last } = entry
        return toJson(entry, last && (await readRun(clients.dynamoDb, names.runsTable, task.task, last.run)))
      }),
    )
  else if (shown.length > 0)
    for (const line of table(
      COLUMNS,
      shown.map((entry) => row(entry, now)),
      io,
    ))
      io.out(line)
  if (shown.length < entries.length) io.say(`${shown.length} of ${entries.length} tasks`)
  return EXIT.ok
}

/** What its last run came to, and whether a tick was missed since. */
const statesOf = ({ last, missed }: Entry): TaskState[] => [
  ...(last ? [last.status] : []),
  ...(missed === undefined ? [] : (['MISSED'] as const)),
]

/** Trouble first, then what runs. */
function urgency({ last, missed }: Entry): number {
  if (last?.status === 'FAILED' || last?.status === 'TIMED_OUT') return 0
  if (missed !== undefined) return 1
  return last && !isEnded(last) ? 2 : 3
}

const COLUMNS = ['TASK', 'STATUS', 'LAST', 'NEXT', 'SCHEDULE'].map((name) => ({ name }))

function row(entry: Entry, now: number): Cell[] {
  const { task, last, next, paused } = entry
  const states = statesOf(entry)
  return [
    task.task,
    { text: states.join(' ') || '-', code: colourOf(states.at(-1) ?? '') },
    last
      ? relative(Date.parse(last.finishedAt ?? last.startedAt ?? last.queuedAt ?? last.run), now)
      : 'never ran',
    nextText(task, next, paused, now),
    scheduleText(task),
  ]
}

function nextText(
  task: DeployedTask,
  next: number | undefined,
  paused: Pause | undefined,
  now: number,
): string {
  if (paused) return paused.until === undefined ? 'paused' : `paused for ${rough(paused.until - now)}`
  if (!task.enabled) return 'disabled'
  return next === undefined ? 'no more' : relative(next, now)
}

/** The time zone counts for `cron(…)` and `at(…)` only. */
export function scheduleText({ schedule, timezone }: DeployedTask): string {
  const text = asWritten(schedule, timezone)
  return /^(cron|at)/.test(text) && timezone !== 'UTC' ? `${text} ${timezone}` : text
}

function toJson(
  { task, lock, next, missed, paused }: Entry,
  last: RunRecord | undefined,
): Record<string, unknown> {
  return {
    task: task.task,
    ...(task.description === undefined ? {} : { description: task.description }),
    tags: task.tags,
    ...(task.owner === undefined ? {} : { owner: task.owner }),
    schedule: task.schedule,
    timezone: task.timezone,
    enabled: task.enabled,
    paused: paused ? pauseJson(paused) : null,
    last: last ? runJson(last) : null,
    next: next === undefined || paused ? null : new Date(next).toISOString(),
    missed: missed === undefined ? null : new Date(missed).toISOString(),
    running: Object.keys(lock?.slots ?? {}),
    waiting: lock?.waiting ?? [],
  }
}
