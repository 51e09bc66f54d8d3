/** The run record: what stands in it, and in which states it can be. */
import type { Definition } from '../definition'
import type { Verdict } from '../log-record'
import { read, type Step } from './effect'

export const STATUSES = [
  'QUEUED',
  'RUNNING',
  'RETRYING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'SKIPPED',
  'CANCELLED',
] as const
export type Status = (typeof STATUSES)[number]
export type Ended = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'SKIPPED' | 'CANCELLED'

export const TRIGGERS = ['schedule', 'manual', 'backfill', 'rerun'] as const
export type Trigger = (typeof TRIGGERS)[number]

export type FailureReason =
  | 'log-rule'
  | 'error'
  | 'timed-out'
  | 'out-of-memory'
  | 'exited'
  | 'not-started'
  | 'refused'
  | 'no-log'
  | 'lost-end'
  | 'late-error'
export type SkipReason = 'overlap' | 'superseded' | 'paused' | 'too-late'

export type AttemptEntry = {
  attempt: number
  logStream: string
  startedAt: string
  finishedAt?: string
  outcome?: string
}

/** Times ISO 8601, but `until` and `retryAt` (epoch ms) and `expiresAt` (epoch seconds, DynamoDB's TTL). */
export type RunRecord = {
  task: string
  run: string
  status: Status
  reason?: FailureReason | SkipReason
  trigger: Trigger
  triggeredBy?: string
  rerunOf?: string
  backfill?: string
  scheduledAt: string
  attempt?: number
  attempts?: AttemptEntry[]
  queuedAt?: string
  startedAt?: string
  finishedAt?: string
  function: string
  qualifier: string
  payload?: Record<string, unknown>
  logGroup: string
  logStream?: string
  requestId?: string
  error?: string
  verdict?: Verdict
  blockedBy?: string
  expiresAt?: number
  /** Seconds that the record is kept after its end. */
  keepFor: number
  until?: number
  retryAt?: number
  by?: string
  cancel?: string
  definition: Definition
}

/** What a list of runs shows: the record without what is large. */
export const BRIEF = [
  'task',
  'run',
  'status',
  'reason',
  'trigger',
  'triggeredBy',
  'rerunOf',
  'scheduledAt',
  'attempt',
  'queuedAt',
  'startedAt',
  'finishedAt',
  'error',
  'verdict',
  'blockedBy',
  'retryAt',
  'cancel',
] as const satisfies readonly (keyof RunRecord)[]
export type BriefRun = Pick<RunRecord, (typeof BRIEF)[number]>

/** A run that has no record yet: what its message says of it. */
export type NewRun = {
  task: string
  run: string
  scheduledAt: string
  trigger: Trigger
  triggeredBy?: string | undefined
  rerunOf?: string | undefined
  backfill?: string | undefined
  definition: Definition
  payload?: Record<string, unknown> | undefined
}

/** What became of an attempt that failed. */
export type Failure = {
  status: 'FAILED' | 'TIMED_OUT'
  reason: FailureReason
  error: string
  verdict?: Verdict | undefined
  requestId?: string | undefined
}

const ENDED: readonly string[] = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'SKIPPED', 'CANCELLED']
export const isEnded = (record: Pick<RunRecord, 'status'>): boolean => ENDED.includes(record.status)

export function* readRecord(task: string, run: string): Step<RunRecord | undefined> {
  return (yield* read('runs', { task, run })) as RunRecord | undefined
}

export function sentence(verdict: Verdict): string {
  return `line ${verdict.line} matched failOn ${verdict.rule}: ${verdict.text}`
}
