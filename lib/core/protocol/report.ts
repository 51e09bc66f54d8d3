/** Lambda's own report of an asynchronous invocation (its on-failure or on-success destination). */
import * as z from 'zod/mini'
import { TargetPayload } from '../payload'
import { cut } from '../text'
import { type Context, readStream, type Step, TAIL, WHOLE } from './effect'
import { evidenceOfOperator, evidenceOfRecords } from './evidence'
import { fence } from './fence'
import { type Failure, type RunRecord, readRecord } from './record'
import { settle, settleFailed, settleSucceeded } from './settle'

/** Lambda writes ids and names here; a role that may invoke the checker could write anything into a record. */
const word = z.string().check(z.regex(/^[\x21-\x7e]{1,100}$/))

/** Lambda Developer Guide, invocation-async-retain-records. */
export const Report = z.object({
  requestContext: z.object({
    requestId: word,
    condition: word,
  }),
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
 * aged out beside it, a second delivery that crashed. So the stream is asked whose it is; where it is nobody's yet it
 * is taken, and nobody can start any more.
 */
function* ofWrapped(ctx: Context, record: RunRecord, report: Report): Step<void> {
  const at = attemptOf(record)
  const stream = streamOf(record)
  const failure = failureOfReport(report)
  if (failure === undefined) return
  const taken = yield* fence(stream, failure.error)
  if (taken.fenced) {
    yield* settleFailed(ctx, at, record.definition, failure)
    return
  }
  if (taken.first === undefined || !isStartOf(taken.first, report.requestContext.requestId)) return
  if (report.responseContext?.functionError === undefined) return
  const lines = yield* readStream(stream, 'tail', TAIL)
  const evidence = evidenceOfRecords(lines.map(({ message }) => message))
  if (evidence.kind === 'succeeded' || evidence.kind === 'failed')
    yield* settle(ctx, at, stream.logStream, record.definition, evidence)
  else yield* settleFailed(ctx, at, record.definition, failure)
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

function isStartOf(line: string, requestId: string): boolean {
  try {
    const record = JSON.parse(line) as { slipstream?: unknown; requestId?: unknown }
    return record.slipstream === 'start' && record.requestId === requestId
  } catch {
    return false
  }
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
