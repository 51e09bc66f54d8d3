import { randomInt } from 'node:crypto'
import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { readLockOf } from '../aws/locks'
import { readRun } from '../aws/runs'
import { SqsQueue } from '../aws/sqs-queue'
import type { Message, RunMessage } from '../core/message'
import { Message as MessageSchema } from '../core/message'
import type { RunRecord } from '../core/protocol/record'
import type { Request } from '../core/requests'
import { runJson } from '../core/run-json'
import { why } from '../core/sentence'
import { CommandError, EXIT, usageError } from './errors'
import { followRun, outcomeCode, tellOutcome } from './follow'
import { parseDuration } from './input/time'
import { logLine } from './output/log-line'
import { pauseOf, pauseText } from './output/pause'
import { queuedBehind } from './queued'
import type { Session } from './session'

/** How long a run that was sent is waited for to be taken up: a cold dispatcher on AWS needs about two seconds. */
const TAKEN_UP_WITHIN = 15_000
const POLL = 500

export type Waiting = {
  wait?: boolean | undefined
  'wait-timeout'?: string | undefined
  json?: boolean | undefined
}

/** Whoever asks, by the name this machine knows: for the record, not for its safety. */
export function requestOf({ now }: Session): Request {
  return { now: now(), salt: randomInt(1_000_000), triggeredBy: userName() }
}

export function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a user that has no name.
    return 'somebody'
  }
}

/** Puts a message on the service's queue: the same door for everybody, behind which the lock is. */
export async function sendMessage({ clients, names }: Session, message: Message): Promise<void> {
  const parsed = MessageSchema.safeParse(message)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw usageError(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  const queue = new SqsQueue(clients.sqs, await clients.queueUrl(names.queue))
  await queue.send([{ message, delaySeconds: 0 }])
}

/** A run that would only wait for somebody to resume its task is not begun. */
export async function refusePaused(session: Session, task: string): Promise<void> {
  const { clients, names } = session
  const paused = pauseOf(await readLockOf(clients.dynamoDb, names.locksTable, task), session.now())
  if (!paused) return
  throw new CommandError(
    `${task} is ${pauseText(paused)}. Nothing was started; ${session.hint(`resume -f ${task}`)} ends the pause`,
    'PAUSED',
    EXIT.notStarted,
  )
}

/** Sends a run by hand and tells what became of it, with `--wait` to its end. Gives the exit code. */
export async function sendRun(session: Session, message: RunMessage, options: Waiting): Promise<number> {
  const limit =
    options['wait-timeout'] === undefined ? undefined : parseDuration('wait-timeout', options['wait-timeout'])
  if (limit !== undefined && !options.wait)
    throw usageError('--wait-timeout is the limit of --wait: give both')
  const { io } = session
  const { task, run } = message
  await refusePaused(session, task)
  await sendMessage(session, message)
  if (options.wait) return waitForEnd(session, message, limit, options.json === true)

  const record = await takenUp(session, message)
  if (options.json) session.json(record ? runJson(record) : sentJson(message))
  else io.out(run)
  io.say(await stateOf(session, message, record))
  io.say(`Its log: ${session.hint(`logs -t -f ${task} --run ${run}`)}`)
  return EXIT.ok
}

async function waitForEnd(
  session: Session,
  { task, run }: RunMessage,
  limit: number | undefined,
  json: boolean,
): Promise<number> {
  const { io } = session
  io.say(`${task} ${run}`)
  // With --json stdout is for the one record.
  const print = json ? io.say : io.out
  const record = await followRun(session, {
    task,
    run,
    limit,
    line: (line) => print(logLine(line, { colour: io.colour && !json, marked: false })),
  })
  if (json) session.json(runJson(record))
  tellOutcome(session, record)
  return outcomeCode(record)
}

async function takenUp(session: Session, { task, run }: RunMessage): Promise<RunRecord | undefined> {
  const { clients, names } = session
  const end = session.now() + TAKEN_UP_WITHIN
  for (;;) {
    const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
    if (record || session.now() >= end) return record
    await sleep(POLL)
  }
}

/** A run that nobody has taken up has no record: this says what was sent. */
function sentJson({
  task,
  run,
  scheduledAt,
  trigger,
  triggeredBy,
  rerunOf,
  payload,
}: RunMessage): Record<string, unknown> {
  return { task, run, status: 'SENT', trigger, triggeredBy, rerunOf, scheduledAt, payload }
}

async function stateOf(
  session: Session,
  { task, run }: RunMessage,
  record: RunRecord | undefined,
): Promise<string> {
  if (!record)
    return `sent, but not taken up within ${TAKEN_UP_WITHIN / 1000} s; ${session.hint('check')} tells what may be wrong`
  if (record.status === 'QUEUED') return queuedBehind(session, { task, run })
  return record.status === 'RUNNING' ? `${task} is running` : `${record.status} ${why(record)}`.trim()
}
