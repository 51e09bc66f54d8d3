import { inParallel } from '../aws/in-parallel'
import { readLockOf } from '../aws/locks'
import { readRuns } from '../aws/runs'
import { duration } from '../core/duration'
import type { RunRecord } from '../core/protocol/record'
import { runJson } from '../core/run-json'
import { why } from '../core/sentence'
import { EXIT } from './errors'
import { parseStatuses, parseTrigger } from './input/status'
import { parseCount, parsePast } from './input/time'
import type { Options } from './options'
import { colourOf } from './output/colour'
import { pauseOf, pauseText } from './output/pause'
import { runTime } from './output/run'
import { type Cell, table } from './output/table'
import type { Session } from './session'

const DEFAULT_LIMIT = 20
const MOST = 10_000
const AT_ONCE = 16

/** `tasks runs` */
export async function run(session: Session, options: Options<'runs'>): Promise<number> {
  const now = session.now()
  const statuses = parseStatuses(options.status)
  const trigger = parseTrigger(options.trigger)
  const limit = options.limit === undefined ? DEFAULT_LIMIT : parseCount('limit', options.limit, MOST)
  const since =
    options.since === undefined ? undefined : parsePast('since', options.since, { now, timezone: 'UTC' })
  const { names, clients, io } = session
  const tasks = options.task ? [await session.task(options.task)] : await session.tasks()
  if (tasks.length === 0) throw session.noTasks()
  const found = await inParallel(tasks, AT_ONCE, ({ task }) =>
    readRuns(clients.dynamoDb, names.runsTable, task, {
      // One more tells whether there are more.
      limit: limit + 1,
      statuses,
      trigger,
      ...(since === undefined ? {} : { from: new Date(since).toISOString() }),
    }),
  )
  const all = found.flat().sort((a, b) => (a.run < b.run ? 1 : -1))
  const shown = all.slice(0, limit)
  if (options.json) session.json(shown.map(runJson))
  else if (shown.length > 0)
    for (const line of runTable(shown, { ...io, now, withTask: !options.task })) io.out(line)
  if (options.task) await tellPause(session, options.task)
  if (shown.length === 0)
    io.say(options.status || options.since || options.trigger ? 'no such runs' : 'no runs yet')
  if (all.length > limit) io.say(`the newest ${limit}; --limit shows more`)
  return EXIT.ok
}

/** Else nobody would know from the runs why no more come. */
async function tellPause({ clients, names, io, now }: Session, task: string): Promise<void> {
  const paused = pauseOf(await readLockOf(clients.dynamoDb, names.locksTable, task), now())
  if (paused) io.say(`${task} is ${pauseText(paused)}`)
}

/** RUN is the key that `--run` takes. */
export function runTable(
  runs: readonly RunRecord[],
  { width, colour, now, withTask }: { width: number; colour: boolean; now: number; withTask: boolean },
): string[] {
  const columns = [
    ...(withTask ? [{ name: 'TASK' }] : []),
    { name: 'RUN' },
    { name: 'STATUS' },
    { name: 'TOOK', align: 'right' as const },
    { name: 'WHY' },
  ]
  const rows = runs.map((run): Cell[] => {
    const took = runTime(run, now)
    return [
      ...(withTask ? [run.task] : []),
      run.run,
      { text: run.status, code: colourOf(run.status) },
      took === undefined ? '' : duration(took),
      why(run) || (run.trigger === 'schedule' ? '' : run.trigger),
    ]
  })
  return table(columns, rows, { width, colour })
}
