/** What became of a run, in words: the same for commands, page and alerts. Pure. */
import type { BriefRun } from './protocol/record'
import { oneLine } from './text'

/** ISO 8601, UTC, without milliseconds where they are none. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

const SKIPS: Record<string, (run: BriefRun) => string> = {
  overlap: ({ run, blockedBy }) =>
    `overlap with ${blockedBy === undefined ? 'another run' : shortKey(blockedBy, run)}`,
  superseded: ({ run, blockedBy }) =>
    `superseded by ${blockedBy === undefined ? 'a newer tick' : shortKey(blockedBy, run)}`,
  paused: () => 'paused',
  'too-late': () => 'too late: startWithin was over before its turn came',
}

/**
 * The key of a run where another's stands beside it: without its day where that is the other's (the whole would be cut
 * off in a table of 80 columns), and without milliseconds where they are none.
 */
export function shortKey(key: string, beside: string): string {
  const [day, time] = key.split('T')
  return (time !== undefined && beside.startsWith(`${day}T`) ? time : key).replace('.000Z', 'Z')
}

/** Why a run is where it is, as short as a table wants it; empty where there is nothing to say. */
export function why(run: BriefRun): string {
  const { status, reason, verdict, error, blockedBy, cancel, retryAt, attempt } = run
  switch (status) {
    case 'SUCCEEDED':
      return ''
    case 'QUEUED':
      return blockedBy === undefined ? 'waits its turn' : `waits for ${shortKey(blockedBy, run.run)}`
    case 'RUNNING':
      if (cancel !== undefined) return `cancelled by ${cancel}, still running`
      return verdict ? `failing: line ${verdict.line}: ${verdict.text}` : ''
    case 'RETRYING':
      return `attempt ${(attempt ?? 1) + 1}${retryAt === undefined ? '' : ` at ${iso(retryAt)}`}`
    case 'SKIPPED':
      return SKIPS[reason ?? '']?.(run) ?? reason ?? ''
    case 'CANCELLED':
      return error ?? (cancel === undefined ? '' : `by ${cancel}`)
    case 'FAILED':
    case 'TIMED_OUT':
      return verdict ? `line ${verdict.line}: ${verdict.text}` : (error ?? reason ?? '')
    default:
      return status satisfies never
  }
}

/** The status and what decided it, as a sentence. */
export function verdictSentence(run: BriefRun): string {
  const { status, reason, error } = run
  const because = status === 'FAILED' || status === 'TIMED_OUT' ? (error ?? reason) : why(run)
  return because ? `${status}: ${oneLine(because)}` : status
}
