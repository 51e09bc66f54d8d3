import { LogReader, type NumberedLine } from '../aws/log-reader'
import { counted } from '../core/counted'
import { duration } from '../core/duration'
import type { Verdict } from '../core/log-record'
import { isEnded, type RunRecord } from '../core/protocol/record'
import { verdictSentence } from '../core/sentence'
import { CommandError, EXIT, usageError } from './errors'
import { followRun, outcomeCode, tellOutcome } from './follow'
import { findRun, mayBeOnItsWay, runKeyOf } from './input/run'
import { parseCount } from './input/time'
import { filterOf } from './logs/filter'
import { type LogTarget, Printer } from './logs/printer'
import type { Options } from './options'
import { runTime } from './output/run'
import type { Session } from './session'

/** Lines before the first failing one that `--failed` shows, and how many where no line is to blame. */
const CONTEXT = 3
const TAIL = 20

/** `tasks logs` */
export async function run(session: Session, options: Options<'logs'>): Promise<number> {
  const { task, run: which = 'last' } = options
  const attempt = options.attempt === undefined ? undefined : parseCount('attempt', options.attempt, 100)
  const filter = filterOf(options, session.now())
  if (options.follow && (options.attempt || options.failed))
    throw usageError(
      `--follow shows a whole run as it goes on: leave out --${options.attempt ? 'attempt' : 'failed'}`,
    )

  const target = await targetOf(session, task, which)
  const { record } = target
  const printer = new Printer(session, target, options, filter)
  // A log that is not there yet is waited for; who did not ask to follow is not given the outcome as an exit code.
  if (options.follow || record === undefined || (record.status === 'QUEUED' && attempt === undefined)) {
    const ended = await followRun(session, { ...target, line: (line, number) => printer.line(line, number) })
    printer.end()
    tellOutcome(session, ended)
    return options.follow ? outcomeCode(ended) : EXIT.ok
  }
  await printStored(session, record, attempt, options, printer)
  return EXIT.ok
}

async function targetOf(session: Session, task: string | undefined, which: string): Promise<LogTarget> {
  try {
    const record = await findRun(session, task, which)
    return { task: record.task, run: record.run, record }
  } catch (error) {
    const run = runKeyOf(which)
    const unknown = error instanceof CommandError && error.code === 'NO_SUCH_RUN'
    if (task && run && unknown && mayBeOnItsWay(run, session.now())) return { task, run }
    throw error
  }
}

async function printStored(
  session: Session,
  record: RunRecord,
  wanted: number | undefined,
  options: Options<'logs'>,
  printer: Printer,
): Promise<void> {
  const { io } = session
  const { logGroup, attempts = [] } = record
  const number = wanted ?? record.attempt ?? 0
  const entry = attempts.find(({ attempt }) => attempt === number)
  if (wanted !== undefined && entry === undefined)
    throw new CommandError(
      `${record.task} ${record.run} has ${attempts.length || 'no'} ${attempts.length === 1 ? 'attempt' : 'attempts'}`,
      'NO_SUCH_ATTEMPT',
    )
  io.say(headline(record, number, session.now()))
  if (entry === undefined) {
    io.say('it has no log: no attempt was made')
    return
  }
  const reader = new LogReader(session.clients.logs, { logGroup, logStream: entry.logStream })
  const lines = await reader.read()
  if (lines.length === 0) io.say('the log is empty, or no longer kept')
  const isLast = number === record.attempt
  const from = options.failed
    ? firstShown(session, lines, reader.verdict ?? (isLast ? record.verdict : undefined), record)
    : 0
  for (const line of lines.slice(from)) printer.line(line, number)
  printer.end()
  if (isLast && !isEnded(record))
    io.say(`${record.status}: ${session.hint(`logs -t -f ${record.task} --run ${record.run}`)} follows it`)
}

function headline(record: RunRecord, attempt: number, now: number): string {
  const took = runTime(record, now)
  const parts = [
    `${record.task} ${record.run}`,
    attempt > 0 ? `attempt ${attempt} of ${record.attempts?.length ?? 1}` : undefined,
    took === undefined ? undefined : duration(took),
    'times in UTC',
  ]
  return `${parts.filter((part) => part !== undefined).join(', ')}\n${verdictSentence(record)}`
}

/** Index of the line that `--failed` begins with. */
function firstShown(
  session: Session,
  lines: NumberedLine[],
  verdict: Verdict | undefined,
  record: RunRecord,
): number {
  if (verdict) {
    const from = Math.max(0, lines.findIndex(({ line }) => line === verdict.line) - CONTEXT)
    if (from > 0) session.io.say(`${counted(from, 'earlier line')} left out`)
    return from
  }
  if (record.status === 'FAILED' || record.status === 'TIMED_OUT') {
    session.io.say(`no line is to blame; the last ${Math.min(TAIL, lines.length)} of ${lines.length}`)
    return Math.max(0, lines.length - TAIL)
  }
  session.io.say('it has no failing line')
  return lines.length
}
