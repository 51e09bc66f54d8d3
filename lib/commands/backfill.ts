import { scheduleOf } from '../aws/tasks'
import { ticksBetween } from '../core/protocol/backfill'
import { backfillOf } from '../core/requests'
import { iso } from '../core/sentence'
import { CommandError, EXIT, usageError } from './errors'
import { parseBound } from './input/time'
import type { Options } from './options'
import { refusePaused, requestOf, sendMessage } from './send-run'
import type { Session } from './session'

/** More are asked about. */
const UNASKED = 50
/** More ticks than that are a mistake in the dates. */
const MOST = 100_000

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

  // Ticks are whole seconds, and a rate is counted from the first.
  const whole = Math.ceil(from / 1000) * 1000
  const { count, first, last } = summary(ticksBetween(schedule, whole, to))
  const what = { task: task.task, count, first: stamp(first), last: stamp(last) }
  if (count === 0) {
    if (options.json) session.json({ ...what, backfill: null })
    io.say(`${task.task} has no tick from ${iso(from)} to ${iso(to)}`)
    return EXIT.ok
  }
  io.say(
    `${count} ${count === 1 ? 'tick' : 'ticks'} of ${task.task}, from ${iso(first ?? from)} to ${iso(last ?? to)}`,
  )
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

function summary(ticks: Iterable<number>): { count: number; first?: number; last?: number } {
  let count = 0
  let first: number | undefined
  let last: number | undefined
  for (const tick of ticks) {
    first ??= tick
    last = tick
    if (++count > MOST) throw usageError(`that is more than ${MOST} ticks: give a shorter stretch`)
  }
  return { count, ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) }
}

async function confirm({ io }: Session, count: number): Promise<void> {
  if (!io.ask)
    throw usageError(`--yes is missing: ${count} ticks are more than ${UNASKED}, and nobody is here to ask`)
  if (!(await io.ask(`Run ${count} ticks?`)))
    throw new CommandError('nothing was started', 'DECLINED', EXIT.notStarted)
}
