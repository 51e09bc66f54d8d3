import { type BriefRun, STATUSES } from '../../core/protocol/record'
import { why } from '../../core/sentence'
import type { Mark, RunSummary } from '../api'

/** Of a verdict's text in a list; the whole stands on the run's own page. */
const LONGEST = 240

export function summaryOf(record: BriefRun): RunSummary {
  const { task, run, status, reason, trigger, triggeredBy, scheduledAt, queuedAt, startedAt, finishedAt } =
    record
  const { attempt, rerunOf, cancel, blockedBy } = record
  return withoutUndefined({
    task,
    run,
    status,
    reason,
    why: why(record).slice(0, LONGEST),
    // What came of it later has another reason.
    blockedBy: status === 'QUEUED' || status === 'SKIPPED' ? blockedBy : undefined,
    trigger,
    triggeredBy,
    scheduledAt,
    queuedAt,
    startedAt,
    finishedAt,
    attempt,
    rerunOf,
    cancel,
  })
}

export function markOf({ run, status }: BriefRun): Mark {
  return [Date.parse(run), STATUSES.indexOf(status)]
}

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

/** JSON leaves them out; so do our types. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>
}
