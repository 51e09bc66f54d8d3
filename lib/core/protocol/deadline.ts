/** When an attempt can no longer be alive, or somebody found its slot old: what has become of it? */
import type { Definition } from '../definition'
import type { DeadlineMessage, LookMessage } from '../message'
import { GRACE } from '../timing'
import { deadlineOf, lookAtHolders } from './arm'
import { type Context, readStream, type Step, send, TAIL, WHOLE, write } from './effect'
import { evidenceOfOperator, evidenceOfRecords } from './evidence'
import { extend, readLock } from './lock'
import { type Failure, isEnded, type RunRecord, readRecord } from './record'
import { neverDispatched } from './record-writes'
import { help, releaseSlot, wake } from './release'
import { sendRetry, settle, settleFailed } from './settle'
import { afterDelay } from './wait'

export function* onDeadline(ctx: Context, message: DeadlineMessage): Step<void> {
  const { task, run } = message
  const now = ctx.now()
  if (now < message.notBefore) {
    yield* send(afterDelay(message, message.notBefore, now))
    return
  }
  const lock = yield* readLock(task)
  const slotUntil = lock.slots[run]
  if (slotUntil === undefined) {
    yield* help(task, run, lock)
    return
  }
  const record = yield* readRecord(task, run)
  if (record === undefined) yield* onUnrecorded(ctx, message, slotUntil)
  else if (isEnded(record)) yield* releaseSlot(ctx, record, record.definition)
  else if (record.status === 'QUEUED') yield* send(wake(task, run))
  else if (record.status === 'RETRYING') yield* onRetrying(message, record, now)
  else yield* onRunning(ctx, message, record, now)
}

/** The deadline that the frequent runs of a task share: to each old slot its own, and a word to who was never told. */
export function* onLook(ctx: Context, message: LookMessage): Step<void> {
  const { task, notBefore } = message
  const now = ctx.now()
  if (now < notBefore) {
    yield* send(afterDelay(message, notBefore, now))
    return
  }
  const lock = yield* readLock(task)
  yield* lookAtHolders(ctx, task, lock)
  yield* help(task, undefined, lock)
}

/** The tick took a slot and died; as long as the slot is not old it may still come again. */
function* onUnrecorded(ctx: Context, message: DeadlineMessage, slotUntil: number): Step<void> {
  const now = ctx.now()
  if (now < slotUntil) {
    yield* send(deadlineOf({ task: message.task, run: message.run }, slotUntil, now))
    return
  }
  const result = yield* write(neverDispatched(message, now))
  const record = result.item as RunRecord | undefined
  if (record && isEnded(record)) yield* releaseSlot(ctx, record, record.definition)
}

function* onRetrying(message: DeadlineMessage, record: RunRecord, now: number): Step<void> {
  const { task, run, attempt = 1, retryAt = now } = record
  if (now >= retryAt) yield* sendRetry({ task, run, attempt }, retryAt, now)
  else yield* send(deadlineOf({ task: message.task, run: message.run }, retryAt + GRACE, now))
}

function* onRunning(ctx: Context, message: DeadlineMessage, record: RunRecord, now: number): Step<void> {
  const { task, run, attempt = 1, until = 0, logStream } = record
  if (now < until) {
    yield* write(extend(task, run, until))
    // A later attempt has a deadline of its own; where ours is the only one, it must come again.
    if (message.attempt === undefined || message.attempt === attempt)
      yield* send(deadlineOf({ task, run, attempt }, until, now))
    return
  }
  const at = { task, run, attempt }
  if (logStream === undefined) return
  const stream = { logGroup: record.logGroup, logStream }
  const operator = record.definition.target === 'operator'
  const lines = (yield* readStream(stream, operator ? 'head' : 'tail', operator ? WHOLE : TAIL)).map(
    ({ message: text }) => text,
  )
  const evidence = operator ? evidenceOfOperator(record.definition, lines) : evidenceOfRecords(lines)
  if (evidence.kind === 'succeeded' || evidence.kind === 'failed')
    yield* settle(ctx, at, logStream, record.definition, evidence)
  else yield* settleFailed(ctx, at, record.definition, silence(record, lines.length > 0))
}

/** Why a target in a VPC may have left nothing in its stream. */
export function vpcAdvice({ function: name, logGroup }: Definition): string {
  return (
    `${name} runs in a VPC: is there a way from its subnets to CloudWatch Logs, a NAT gateway or an interface endpoint ` +
    `for its region's "logs" that lets it in on port 443? If there is: may its role write to ${logGroup}?`
  )
}

/** Nothing ended the attempt, and it cannot be alive any more. */
function silence(record: RunRecord, hasLog: boolean): Failure {
  const { definition } = record
  const { target, function: name } = definition
  if (record.verdict)
    return { status: 'FAILED', reason: 'lost-end', error: `${record.error}; then its log breaks off.` }
  if (hasLog)
    return {
      status: 'FAILED',
      reason: 'lost-end',
      error: 'Its log breaks off: there are lines but no end record.',
    }
  if (target === 'plain')
    return {
      status: 'FAILED',
      reason: 'lost-end',
      error: `Lambda never reported the end of ${name}. Look whether its role may invoke the checker.`,
    }
  const advice = definition.vpc
    ? vpcAdvice(definition)
    : target === 'wrapped'
      ? `Is ${name} wrapped (deployed with this plugin, or by task() from serverless-slipstream/task), and may its role write to ${record.logGroup}?`
      : `Does ${name} write to the stream that the payload names, and may its role write to ${record.logGroup}?`
  return {
    status: 'FAILED',
    reason: 'no-log',
    error: `Nothing was ever written to its log stream. ${advice}`,
  }
}
