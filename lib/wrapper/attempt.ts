import { inspect } from 'node:util'
import { span } from '../core/duration'
import { createJudge } from '../core/lines'
import { NOT_RUN } from '../core/log-record'
import type { TargetPayload } from '../core/payload'
import { cut } from '../core/text'
import { GRACE, SECOND } from '../core/timing'
import { AttemptLog } from './attempt-log'
import { captured } from './capture'
import { holdCrash } from './crash'
import { takeStream } from './fence'
import type { LogsPort } from './logs'

/** What is left for the last flush before Lambda would kill the process: 1.5 s, less where the whole time is short. */
function margin(remaining: number): number {
  return Math.min(1.5 * SECOND, remaining / 10)
}

/** `Name: message`. */
function nameOf(error: unknown): string {
  if (error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)) {
    const { name, message } = error as Error
    return cut(`${name || 'Error'}: ${message}`)
  }
  return cut(`Error: ${typeof error === 'string' ? error : inspect(error)}`)
}

/** What the invocation answers where another runs the body; for who looks at Lambda's own record of it. */
export type NotRun = { slipstream: 'not-run'; reason: string }

function stepAside({ slipstream: { task, run, attempt } }: TargetPayload, reason: string): NotRun {
  console.log(`slipstream: ${task} ${run} attempt ${attempt} is not run here: ${reason}`)
  return { slipstream: 'not-run', reason }
}

/**
 * The body does not run here, and perhaps nowhere: told to Lambda as an error, so that its report makes the checker find
 * out. By its name the checker tells it from one of the body, which may live in another invocation of the same event.
 */
export function notRun(reason: string, cause?: unknown): Error {
  const error = new Error(cause === undefined ? reason : `${reason}: ${nameOf(cause)}`, { cause })
  error.name = NOT_RUN
  return error
}

export type Invocation = {
  payload: TargetPayload
  requestId: string
  /** Milliseconds until Lambda kills the process. */
  remaining: number
}
export type World = {
  logs: LogsPort
  /** Ends the process. */
  exit: (code: number) => void
}

const TIMED_OUT = Symbol('timed out')
/** For who is about to end the process: the invocation must not be answered before. */
const never = new Promise<never>(() => {})

/**
 * One invocation with our payload: takes the stream as the fence, runs the body with its output going there, and ends
 * the stream with one end record. Returns what the body returned and throws what it threw, so that Lambda's own
 * metrics and reports stay true (our EventInvokeConfig allows no retries, and the checker takes no report for an
 * attempt that has ended).
 */
export async function runAttempt(
  { logs, exit }: World,
  { payload, requestId, remaining }: Invocation,
  body: () => Promise<unknown>,
): Promise<unknown> {
  const entered = Date.now()
  const { startBy, until, timeout, failOn, except } = payload.slipstream
  if (entered > startBy) throw notRun('It may not start any more, its start window is over')
  if (entered + remaining > until - GRACE) {
    throw notRun(
      "It could outlive its slot: the function's time-out is longer than its task knew when the run started",
    )
  }
  const at = { group: payload.group_name, stream: payload.stream_name }
  const lambdaEnds = entered + remaining
  const taken = await takeStream(logs, at, Math.min(startBy, lambdaEnds)).catch((error: unknown) => {
    throw notRun(`Its log stream in ${at.group} could not be created`, error)
  })
  if (!taken) return stepAside(payload, 'another invocation runs it, its log stream exists')

  const log = new AttemptLog({ logs, at, judge: createJudge({ failOn, except }), until: lambdaEnds })
  await log.start(requestId)

  let timer: NodeJS.Timeout | undefined
  const limit = Math.min(entered + timeout * SECOND, lambdaEnds - margin(remaining))
  const timedOut = new Promise<typeof TIMED_OUT>((resolve) => {
    // Keeps the event loop alive: a promise that can never settle is to end as a time-out, not as an early exit
    timer = setTimeout(() => resolve(TIMED_OUT), Math.max(0, limit - Date.now()))
  })
  const { crashed, release } = holdCrash(exit)
  try {
    // The fence holds now and nobody else will run it; to say so is better than to leave a stream without an end
    if (Date.now() > startBy) throw new Error('The start window was over before the log could be written')
    const over = await Promise.race([
      captured(log, body).then((value) => ({ value })),
      timedOut,
      crashed.then((crash) => ({ crash })),
    ])
    if (over === TIMED_OUT) {
      // The body cannot be stopped, and an attempt that has ended must have no living body: end the process, whatever
      // became of the log. Lambda makes a new one for the next invocation.
      const error = `It reached its time-out of ${span(timeout)}.`
      await log.end({ requestId, outcome: 'timed-out', error }).finally(() => exit(1))
      return never
    }
    if ('crash' in over) {
      const { error, handOver } = over.crash
      log.threw(inspect(error))
      await log.end({ requestId, outcome: 'crashed', error: nameOf(error) }).finally(handOver)
      return never
    }
    await log.end({ requestId, outcome: 'returned' })
    return over.value
  } catch (error) {
    if (!log.ended) {
      log.threw(inspect(error))
      await log.end({ requestId, outcome: 'threw', error: nameOf(error) })
    }
    throw error
  } finally {
    clearTimeout(timer)
    release()
  }
}
