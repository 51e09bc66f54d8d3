import { LogReader, type NumberedLine } from '../aws/log-reader'
import { atLeast, createJudge, LEVELS, type Level } from '../core/lines'
import type { Verdict } from '../core/log-record'
import { nearest } from '../core/nearest'
import { isEnded, type RunRecord } from '../core/protocol/record'
import { CommandError, EXIT, usageError } from './errors'
import { followRun, outcomeCode, tellOutcome } from './follow'
import { findRun, mayBeOnItsWay, runKeyOf } from './input/run'
import { parseCount, parsePast } from './input/time'
import type { Options } from './options'
import { logLine, messageOf } from './output/log-line'
import { runTime, verdictSentence } from './output/run'
import { duration } from './output/time'
import type { Session } from './session'

/** Lines before the first failing one that `--failed` shows, and how many where no line is to blame. */
const CONTEXT = 3
const TAIL = 20

/** `tasks logs` */
export async function run(session: Session, options: Options<'logs'>): Promise<number> {
  const { task, run: which = 'last' } = options
  const attempt = options.attempt === undefined ? undefined : parseCount('attempt', options.attempt, 100)
  const wanted = filterOf(options, session.now())
  if (options.follow && (options.attempt || options.failed))
    throw usageError(
      `--follow shows a whole run as it goes on: leave out --${options.attempt ? 'attempt' : 'failed'}`,
    )

  const record = await findRun(session, task, which).catch((error: unknown) => {
    const key = runKeyOf(which)
    if (task && key && isNoSuchRun(error) && mayBeOnItsWay(key, session.now()))
      return { task, run: key, status: 'QUEUED' } as const
    throw error
  })
  const printer = new Printer(session, record, options, wanted)
  // A log that is not there yet is waited for; who did not ask to follow is not given the outcome as an exit code.
  if (options.follow || (record.status === 'QUEUED' && attempt === undefined)) {
    const ended = await followRun(session, {
      task: record.task,
      run: record.run,
      line: (line, n) => printer.line(line, n),
    })
    printer.end()
    tellOutcome(session, ended)
    return options.follow ? outcomeCode(ended) : EXIT.ok
  }
  await printStored(session, record as RunRecord, attempt, options, printer)
  return EXIT.ok
}

const isNoSuchRun = (error: unknown) => error instanceof CommandError && error.code === 'NO_SUCH_RUN'

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
    if (from > 0) session.io.say(`${from} lines before are left out`)
    return from
  }
  if (record.status === 'FAILED' || record.status === 'TIMED_OUT') {
    session.io.say(`no line is to blame; the last ${Math.min(TAIL, lines.length)} of ${lines.length}`)
    return Math.max(0, lines.length - TAIL)
  }
  session.io.say('it has no failing line')
  return lines.length
}

type Filter = { level: Level | undefined; text: string | undefined; since: number | undefined }

function filterOf(options: Options<'logs'>, now: number): Filter {
  const { level, filter, since } = options
  return {
    level: level === undefined ? undefined : parseLevel(level),
    text: filter?.toLowerCase(),
    since: since === undefined ? undefined : parsePast('since', since, { now, timezone: 'UTC' }),
  }
}

function parseLevel(text: string): Level {
  const word = text.toUpperCase()
  const found = LEVELS.find((level) => level === word)
  if (found) return found
  throw usageError(
    `--level must be one of ${LEVELS.join(', ').toLowerCase()}, got "${text}"${suggestion(word)}`,
  )
}

function suggestion(word: string): string {
  const meant = nearest(word, LEVELS)
  return meant ? `; did you mean ${meant.toLowerCase()}?` : ''
}

/** Prints the lines that are wanted, and says at the end where there were none. */
class Printer {
  #read = 0
  #printed = 0
  readonly #judge: (text: string) => boolean

  constructor(
    private readonly session: Session,
    private readonly record: Pick<RunRecord, 'task' | 'run'> & Partial<RunRecord>,
    private readonly options: Options<'logs'>,
    private readonly filter: Filter,
  ) {
    const judge = createJudge(record.definition ?? { failOn: ['ERROR'], except: [] })
    this.#judge = (text) => judge({ text }) !== undefined
  }

  line(line: NumberedLine, attempt: number): void {
    this.#read++
    if (!this.isWanted(line)) return
    this.#printed++
    const { io } = this.session
    const { task, run, verdict } = this.record
    if (this.options.json) {
      const { line: number, time, level = null } = line
      io.out(
        JSON.stringify({
          task,
          run,
          attempt,
          line: number,
          time: new Date(time).toISOString(),
          level,
          message: messageOf(line),
        }),
      )
      return
    }
    const marked = verdict?.line === line.line && attempt === this.record.attempt
    io.out(logLine(line, { colour: io.colour, marked }))
  }

  end(): void {
    if (this.#printed === 0 && this.#read > 0) this.session.io.say(`0 of ${this.#read} lines matched`)
  }

  private isWanted({ level, time, text }: NumberedLine): boolean {
    const { filter } = this
    if (filter.since !== undefined && time < filter.since) return false
    if (filter.text !== undefined && !text.toLowerCase().includes(filter.text)) return false
    // A line that says no level counts as INFO, unless it is one that fails a run.
    return (
      filter.level === undefined || atLeast(level ?? (this.#judge(text) ? 'ERROR' : 'INFO'), filter.level)
    )
  }
}
