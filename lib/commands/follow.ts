import { setTimeout as sleep } from 'node:timers/promises'
import { LogReader, type NumberedLine } from '../aws/log-reader'
import { readRun } from '../aws/runs'
import { duration } from '../core/duration'
import { isEnded, type RunRecord } from '../core/protocol/record'
import { verdictSentence } from '../core/sentence'
import { CommandError, EXIT } from './errors'
import { runTime } from './output/run'
import { queuedBehind } from './queued'
import type { Session } from './session'

const POLL = 1000
/** After the end of a run its last lines may take a moment to be readable. */
const LAST_LOOKS = 3
/** A message that the dispatcher has not taken up by then is worth a word. */
const SLOW_START = 15_000

export type Follow = {
  task: string
  run: string
  /** Each line as it is written, with the number of its attempt. */
  line(line: NumberedLine, attempt: number): void
  /** Milliseconds. */
  limit?: number | undefined
}

/**
 * Waits for a run to start, passes on its log through all its attempts, and gives its record at the end.
 *
 * @throws {CommandError} with exit code 124 when the limit has passed; the run goes on
 */
export async function followRun(session: Session, follow: Follow): Promise<RunRecord> {
  const { clients, names, io } = session
  const { task, run } = follow
  const again = session.hint(`logs -t -f ${task} --run ${run}`)
  session.interruption = `The run goes on. Its log: ${again}`
  const begun = session.now()
  const say = once(io.say)
  let reader: LogReader | undefined
  /** Attempts that `reader` or one before it reads. */
  let followed = 0
  let looks = 0
  for (;;) {
    const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
    if (record?.status === 'QUEUED') say(await queuedBehind(session, { task, run }))
    else if (record) sayWhatIsWaitedFor(record, say)
    else if (session.now() - begun > SLOW_START)
      say(`not taken up yet; ${session.hint('check')} tells what may be wrong`)

    // All of them, since one may have come and gone between two looks.
    for (const { attempt, logStream, startedAt } of record?.attempts?.slice(followed) ?? []) {
      await passOn(reader, followed, follow)
      reader = new LogReader(clients.logs, { logGroup: record?.logGroup ?? '', logStream })
      followed = attempt
      say(`attempt ${attempt} started ${startedAt}; times below in UTC`)
    }
    await passOn(reader, followed, follow)

    if (record && isEnded(record) && (!reader || reader.ended || ++looks > LAST_LOOKS)) return record
    if (follow.limit !== undefined && session.now() - begun >= follow.limit)
      throw new CommandError(
        `the wait limit has passed and the run goes on. Its log: ${again}`,
        'WAIT_TIMEOUT',
        EXIT.waitedTooLong,
      )
    await sleep(POLL)
  }
}

async function passOn(reader: LogReader | undefined, attempt: number, { line }: Follow): Promise<void> {
  for (const one of (await reader?.read()) ?? []) line(one, attempt)
}

function sayWhatIsWaitedFor(
  { status, retryAt, attempt, cancel }: RunRecord,
  say: (text: string) => void,
): void {
  if (status === 'RETRYING' && retryAt !== undefined)
    say(`attempt ${attempt} failed; the next starts ${new Date(retryAt).toISOString()}`)
  if (cancel !== undefined) say('cancelled: its body cannot be stopped and is waited for')
}

/** Says each thing once. */
function once(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>()
  return (text) => {
    if (said.has(text)) return
    said.add(text)
    say(text)
  }
}

/** What became of it, for the person who waited, and the exit code. */
export function tellOutcome({ io, now }: Session, record: RunRecord): number {
  const took = runTime(record, now())
  io.say(`${verdictSentence(record)}${took === undefined ? '' : ` (${duration(took)})`}`)
  return outcomeCode(record)
}

export function outcomeCode({ status }: RunRecord): number {
  switch (status) {
    case 'FAILED':
    case 'TIMED_OUT':
    case 'CANCELLED':
      return EXIT.failed
    case 'SKIPPED':
      return EXIT.notStarted
    default:
      return EXIT.ok
  }
}
