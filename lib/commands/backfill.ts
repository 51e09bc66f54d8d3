import { scheduleOf } from '../aws/tasks'
import { counted } from '../core/counted'
import { backfillOf } from '../core/requests'
import { iso } from '../core/sentence'
import { CommandError, EXIT, usageError } from './errors'
import { countTicks } from './input/ticks'
import { parseBound } from './input/time'
import type { Options } from './options'
import { refusePaused, requestOf, sendMessage } from './send-run'
import type { Session } from './session'

/** More are asked about. */
const UNASKED = 50

/** `tasks backfill` */
export async function run(session: Session, options: Options<'backfill'>): Promise<number> {
  const { io } = session
  if (!options.from || !options.to)
    throw usageError('--from and --to say which ticks: dates, as in 2027-01-31, or times')
  const task = await session.task(options.task)
  const schedule = scheduleOf(task)
  if (schedule.kind === 'at')
    throw usageError(
      `${task.task} runs once, at ${schedule.text}: ${session.hint(`run -f ${task.task} --tick …`)}`,
    )
  const now = session.now()
  const reading = { now, timezone: task.timezone }
  const from = parseBound('from', options.from, reading, 'from')
  const to = Math.min(parseBound('to', options.to, reading, 'to'), now)
  if (from > to) throw usageError(`--from is later than --to, or yet to come: ${iso(from)}`)

  const { count, first, last } = countTicks(schedule, from, to)
  const what = { task: task.task, count, first: stamp(first), last: stamp(last) }
  if (count === 0) {
    if (options.json) session.json({ ...what, backfill: null })
    io.say(`${task.task} has no tick from ${iso(from)} to ${iso(to)}`)
    return EXIT.ok
  }
  io.say(`${counted(count, 'tick')} of ${task.task}, from ${iso(first ?? from)} to ${iso(last ?? to)}`)
  io.say(
    options.rerun ? 'Those that have a run are run again.' : 'Those that have a run already are left alone.',
  )
  if (options['dry-run']) {
    if (options.json) session.json({ ...what, backfill: null })
    return EXIT.ok
  }
  await refusePaused(session, task.task)
  if (count > UNASKED && !options.yes) await confirm(session, count)

  const message = backfillOf(
    task,
    { schedule: task.schedule, timezone: task.timezone, from, to, rerun: options.rerun === true },
    requestOf(session),
  )
  await sendMessage(session, message)
  if (options.json) session.json({ ...what, backfill: message.backfill })
  io.say(
    `They run in order, ${task.definition.concurrency} at a time: ${session.hint(`runs -f ${task.task} --trigger backfill`)}`,
  )
  return EXIT.ok
}

const stamp = (tick: number | undefined) => (tick === undefined ? null : new Date(tick).toISOString())

async function confirm({ io }: Session, count: number): Promise<void> {
  if (!io.ask)
    throw usageError(`--yes is missing: ${count} ticks are more than ${UNASKED}, and nobody is here to ask`)
  if (!(await io.ask(`Run ${count} ticks?`)))
    throw new CommandError('nothing was started', 'DECLINED', EXIT.notStarted)
}
