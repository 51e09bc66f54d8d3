/** What an attempt's own log says of it. Pure: lines in, what they prove out. */
import type { Definition } from '../definition'
import { createJudge, operatorEnd } from '../lines'
import { type EndRecord, parseRecord, type Verdict } from '../log-record'
import { cut } from '../text'
import { type Failure, sentence } from './record'

export type Evidence =
  | { kind: 'nothing' }
  | { kind: 'error-seen'; verdict: Verdict }
  | { kind: 'succeeded'; requestId?: string | undefined }
  /** `dying`: the body may live for a moment yet, until its process has ended. */
  | { kind: 'failed'; failure: Failure; dying?: boolean }

const NOTHING: Evidence = { kind: 'nothing' }

/** By the records of the wrapper; every other line is the user's and decides nothing. */
export function evidenceOfRecords(lines: readonly string[]): Evidence {
  let seen: Verdict | undefined
  let end: EndRecord | undefined
  for (const line of lines) {
    const record = parseRecord(line)
    if (record?.slipstream === 'error') seen ??= record.verdict
    if (record?.slipstream === 'end') end ??= record
  }
  if (end) return ofEnd(end, seen)
  return seen ? { kind: 'error-seen', verdict: seen } : NOTHING
}

function ofEnd(end: EndRecord, seen: Verdict | undefined): Evidence {
  const { requestId } = end
  const verdict = end.verdict ?? seen
  if (end.outcome === 'timed-out') {
    const error = end.error ?? 'The attempt reached its time-out.'
    return failed({ status: 'TIMED_OUT', reason: 'timed-out', error, verdict, requestId }, true)
  }
  if (end.outcome === 'threw' || end.outcome === 'crashed') {
    const error = end.error ?? 'The function threw.'
    return failed({ status: 'FAILED', reason: 'error', error, verdict, requestId }, end.outcome === 'crashed')
  }
  if (verdict) return failed(failureOf(verdict, requestId))
  return { kind: 'succeeded', requestId }
}

/**
 * By the lines of a target that was written for the old operator: an error line, else `End Request`. Such a target
 * writes all its lines at its end, so an error line is its end too.
 */
export function evidenceOfOperator(definition: Definition, lines: readonly string[]): Evidence {
  const judge = createJudge(definition)
  for (const [index, text] of lines.entries()) {
    const rule = judge({ text })
    if (rule !== undefined) return failed(failureOf({ rule, line: index + 1, text: cut(text) }))
  }
  return lines.some(operatorEnd) ? { kind: 'succeeded' } : NOTHING
}

export function failureOf(verdict: Verdict, requestId?: string): Failure {
  return { status: 'FAILED', reason: 'log-rule', error: sentence(verdict), verdict, requestId }
}

function failed(failure: Failure, dying = false): Evidence {
  return { kind: 'failed', failure, dying }
}
