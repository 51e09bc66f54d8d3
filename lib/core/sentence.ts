/** What became of a run, in words: the same for commands, page and alerts. Pure. */
import type { BriefRun } from './protocol/record'
import { oneLine } from './text'

/** ISO 8601, UTC, without milliseconds where they are none. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

const SKIPS: Record<string, (run: BriefRun) => string> = {
  overlap: ({ blockedBy }) => `overlap with ${blockedBy === undefined ? 'another run' : short(blockedBy)}`,
  superseded: ({ blockedBy }) =>
    `superseded by ${blockedBy === undefined ? 'a newer tick' : short(blockedBy)}`,
  paused: () => 'paused',
  'too-late': () => 'too late: startWithin was over before its turn came',
}

/** The key of a tick's run without its milliseconds, which are none. */
const short = (run: string) => run.replace('.000Z', 'Z')

/** Why a run is where it is, as short as a table wants it; empty where there is nothing to say. */
export function why(run: BriefRun): string {
  const { status, reason, verdict, error, blockedBy, cancel, retryAt, attempt } = run
  switch (status) {
    case 'SUCCEEDED':
      return ''
    case 'QUEUED':
      return blockedBy === undefined ? 'waits its turn' : `waits for ${short(blockedBy)}`
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
