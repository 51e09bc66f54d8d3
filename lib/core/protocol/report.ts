/** Lambda's own report of an asynchronous invocation (its on-failure or on-success destination). */
import * as z from 'zod/mini'
import type { Definition } from '../definition'
import { NOT_RUN, parseRecord, type StartRecord } from '../log-record'
import { TargetPayload } from '../payload'
import { cut } from '../text'
import { vpcAdvice } from './deadline'
import { type Context, readStream, type Step, TAIL, WHOLE } from './effect'
import { evidenceOfOperator, evidenceOfRecords } from './evidence'
import { fence } from './fence'
import { type Failure, type RunRecord, readRecord } from './record'
import { isSettled, settle, settleFailed, settleSucceeded } from './settle'

/** Lambda writes ids and names here; a role that may invoke the checker could write anything into a record. */
const word = z.string().check(z.regex(/^[\x21-\x7e]{1,100}$/))

/** Lambda Developer Guide, invocation-async-retain-records. */
export const Report = z.object({
  requestContext: z.object({
    requestId: word,
    condition: word,
  }),
  timestamp: z.optional(z.string()),
  requestPayload: z.unknown(),
  responseContext: z.optional(z.object({ functionError: z.optional(z.string()) })),
  responsePayload: z.optional(z.unknown()),
})
export type Report = z.infer<typeof Report>

const FunctionError = z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })

export function* onReport(ctx: Context, report: Report): Step<void> {
  const payload = TargetPayload.safeParse(report.requestPayload)
  if (!payload.success) return
  const { slipstream, stream_name: logStream } = payload.data
  const at = { task: slipstream.task, run: slipstream.run, attempt: slipstream.attempt }
  const record = yield* readRecord(at.task, at.run)
  // The payload is the target's to forge: only what our own record says of stream and group is believed.
  if (record === undefined || record.attempt !== at.attempt || record.logStream !== logStream) return
  if (yield* isSettled(ctx, record)) return
  switch (record.definition.target) {
    case 'wrapped':
      yield* ofWrapped(ctx, record, report)
      return
    case 'operator':
      yield* ofOperator(ctx, record, report)
      return
    case 'plain': {
      const failure = failureOfReport(report)
      if (failure) yield* settleFailed(ctx, at, record.definition, failure)
      else
        yield* settleSucceeded(ctx, at, {
          target: 'plain',
          logStream,
          requestId: report.requestContext.requestId,
        })
    }
  }
}

const attemptOf = (record: RunRecord) => ({
  task: record.task,
  run: record.run,
  attempt: record.attempt as number,
})
const streamOf = (record: RunRecord) => ({
  logGroup: record.logGroup,
  logStream: record.logStream as string,
})

/**
 * A report may speak of a duplicate of the invocation that owns the stream, while that one is alive: an event that
 * aged out beside it, a second delivery that crashed or could not ask whose the stream is. So the stream is asked;
 * where it is nobody's yet it is taken, and nobody can start any more.
 */
function* ofWrapped(ctx: Context, record: RunRecord, report: Report): Step<void> {
  const at = attemptOf(record)
  const stream = streamOf(record)
  const failure = failureOfReport(report)
  if (failure === undefined) return
  const taken = yield* fence(stream, failure.error)
  if (taken.fenced) {
    yield* settleFailed(ctx, at, record.definition, unheard(record.definition, failure))
    return
  }
  const first = taken.first === undefined ? undefined : parseRecord(taken.first)
  if (first?.slipstream !== 'start' || first.requestId !== report.requestContext.requestId) return
  if (failure.reason === 'not-started' || isOfAnother(first, failure, report.timestamp)) return
  const lines = yield* readStream(stream, 'tail', TAIL)
  const evidence = evidenceOfRecords(lines.map(({ message }) => message))
  if (evidence.kind === 'succeeded' || evidence.kind === 'failed')
    yield* settle(ctx, at, stream.logStream, record.definition, evidence)
  else yield* settleFailed(ctx, at, record.definition, failure)
}

/** A wrapped body takes its stream before anything else, so one in a VPC that ran and has none could not reach it. */
function unheard(definition: Definition, failure: Failure): Failure {
  if (!definition.vpc || !['timed-out', 'error'].includes(failure.reason)) return failure
  const error = `Nothing was ever written to its log stream. ${vpcAdvice(definition)} It ended so: ${failure.error}`
  return { ...failure, status: 'FAILED', reason: 'no-log', error: cut(error) }
}

/** It has no fence, but it is invoked once; what its log says goes before what Lambda says. */
function* ofOperator(ctx: Context, record: RunRecord, report: Report): Step<void> {
  const failure = failureOfReport(report)
  if (failure === undefined) return
  const lines = yield* readStream(streamOf(record), 'head', WHOLE)
  const evidence = evidenceOfOperator(
    record.definition,
    lines.map(({ message }) => message),
  )
  const known = evidence.kind === 'failed' ? evidence.failure : failure
  yield* settleFailed(ctx, attemptOf(record), record.definition, known)
}

/**
 * Whether what ended is not the owner, although Lambda may run one event twice and both have its request id: it ended
 * before the owner began, or was ended by its time-out before the owner's is over. (A copy that exits later is told from
 * the owner by nothing: see docs/promises.md.)
 */
function isOfAnother(owner: StartRecord, { reason }: Failure, timestamp = ''): boolean {
  const endedAt = Date.parse(timestamp)
  if (endedAt < Date.parse(owner.at)) return true
  return reason === 'timed-out' && endedAt < Date.parse(owner.endsBy ?? '')
}

/** Lambda's words for how an invocation ended (aws-facts: recorded answers of 2025-11); undefined: it ended well. */
export function failureOfReport(report: Report): Failure | undefined {
  const { requestId, condition } = report.requestContext
  const { errorType: type = '', errorMessage: message = '' } =
    FunctionError.safeParse(report.responsePayload).data ?? {}
  // A thrown error's message may have a megabyte, a record 400 KB.
  const errorType = cut(type)
  const errorMessage = cut(message)
  if (report.responseContext?.functionError === undefined) {
    if (condition === 'Success') return undefined
    const why = NEVER_RAN.get(condition) ?? `Lambda gave the invocation up (${condition}).`
    return { status: 'FAILED', reason: 'not-started', error: why, requestId }
  }
  if (errorType === NOT_RUN)
    return { status: 'FAILED', reason: 'not-started', error: `${errorMessage}.`, requestId }
  if (errorType === 'Sandbox.Timedout')
    return { status: 'TIMED_OUT', reason: 'timed-out', error: errorMessage, requestId }
  if (errorType === 'Runtime.OutOfMemory' || /signal: killed/.test(errorMessage))
    return { status: 'FAILED', reason: 'out-of-memory', error: errorMessage, requestId }
  if (errorType === 'Runtime.ExitError')
    return { status: 'FAILED', reason: 'exited', error: errorMessage, requestId }
  const error =
    errorType && errorMessage ? cut(`${errorType}: ${errorMessage}`) : errorMessage || 'The function failed.'
  return { status: 'FAILED', reason: 'error', error, requestId }
}

const NEVER_RAN = new Map([
  ['EventAgeExceeded', 'Lambda found no capacity to run it within the allowed event age.'],
  ['ZeroReservedConcurrency', "The function's reserved concurrency is 0, so Lambda runs nothing of it."],
])
