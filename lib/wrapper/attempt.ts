import { inspect } from 'node:util'
import { createJudge } from '../core/lines'
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

/** What the invocation answers where the body did not run; for who looks at Lambda's own record of it. */
export type NotRun = { slipstream: 'not-run'; reason: string }

function notRun(payload: TargetPayload, reason: string): NotRun {
  const { task, run, attempt } = payload.slipstream
  console.log(`slipstream: ${task} ${run} attempt ${attempt} is not run here: ${reason}`)
  return { slipstream: 'not-run', reason }
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
  if (entered > startBy) return notRun(payload, 'it may not start any more, its start window is over')
  if (entered + remaining > until - GRACE) {
    return notRun(
      payload,
      "it could outlive its slot: the function's time-out is longer than when it was deployed",
    )
  }
  const at = { group: payload.group_name, stream: payload.stream_name }
  const lambdaEnds = entered + remaining
  if (!(await takeStream(logs, at, Math.min(startBy, lambdaEnds)))) {
    return notRun(payload, 'another invocation runs it, its log stream exists')
  }

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
      await log.end({ requestId, outcome: 'timed-out' }).finally(() => exit(1))
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
