import type { RunRecord } from '../../core/protocol/record'
import { oneLine } from './text'
import { iso } from './time'

const SKIPS: Record<string, (run: RunRecord) => string> = {
  overlap: ({ blockedBy }) => `overlap with ${blockedBy === undefined ? 'another run' : short(blockedBy)}`,
  superseded: ({ blockedBy }) =>
    `superseded by ${blockedBy === undefined ? 'a newer tick' : short(blockedBy)}`,
  paused: () => 'paused',
  'too-late': () => 'too late: startWithin was over before its turn came',
}

/** The key of a tick's run without its milliseconds, which are none. */
const short = (run: string) => run.replace('.000Z', 'Z')

/** Why a run is where it is, as short as a table wants it; empty where there is nothing to say. */
export function why(run: RunRecord): string {
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
export function verdictSentence(run: RunRecord): string {
  const { status, reason, error } = run
  const because = status === 'FAILED' || status === 'TIMED_OUT' ? (error ?? reason) : why(run)
  return because ? `${status}: ${oneLine(because)}` : status
}

/** Milliseconds that the last attempt took, or has taken so far; undefined before it starts. */
export function runTime({ startedAt, finishedAt, status }: RunRecord, now: number): number | undefined {
  if (startedAt === undefined) return undefined
  if (finishedAt === undefined)
    return status === 'RUNNING' ? Math.max(0, now - Date.parse(startedAt)) : undefined
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))
}

/** What `--json` tells of a run, in this order; the record has more, which only the protocol needs. */
const DOCUMENTED = [
  'task',
  'run',
  'status',
  'reason',
  'error',
  'verdict',
  'trigger',
  'triggeredBy',
  'rerunOf',
  'backfill',
  'scheduledAt',
  'attempt',
  'queuedAt',
  'startedAt',
  'finishedAt',
  'retryAt',
  'blockedBy',
  'cancel',
  'function',
  'qualifier',
  'payload',
  'logGroup',
  'logStream',
  'requestId',
  'attempts',
  'expiresAt',
] as const satisfies (keyof RunRecord)[]

/** All times are ISO 8601. */
export function runJson(run: RunRecord): Record<string, unknown> {
  const { retryAt, expiresAt } = run
  const told = {
    ...run,
    retryAt: retryAt === undefined ? undefined : new Date(retryAt).toISOString(),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt * 1000).toISOString(),
  }
  return Object.fromEntries(DOCUMENTED.flatMap((key) => (told[key] === undefined ? [] : [[key, told[key]]])))
}
