/** What a write that was done tells of a run: for the handlers' log and their metrics. Nothing of the user's is in it. */
import type { Item, Write } from './protocol/effect'
import { isEnded, type RunRecord, type Status } from './protocol/record'

export const MEASURES = {
  Succeeded: 'Count',
  Failed: 'Count',
  TimedOut: 'Count',
  Skipped: 'Count',
  Cancelled: 'Count',
  Retried: 'Count',
  /** From a tick to the start of its first attempt. */
  StartDelay: 'Milliseconds',
  /** From the start of the first attempt to the end of the last. */
  Duration: 'Milliseconds',
  /** Runs that wait for a slot of a task, as of the change. */
  Waiting: 'Count',
} as const
export type Measure = keyof typeof MEASURES

export type Observation = {
  task: string
  /** What became of a run; absent where only the number of those that wait has changed. */
  run?: { run: string; attempt?: number; status: Status; reason?: string }
  measures: Partial<Record<Measure, number>>
}

const BY_STATUS: Partial<Record<Status, Measure>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  SKIPPED: 'Skipped',
  CANCELLED: 'Cancelled',
  RETRYING: 'Retried',
}

/** `item`: as the write left it. Undefined where neither a status nor a waiting list was changed. */
export function observe(write: Write, item: Item): Observation | undefined {
  if (write.table === 'locks') return touches(write, 'waiting') ? waiting(write.key.task, item) : undefined
  if (!touches(write, 'status')) return undefined
  const record = item as RunRecord
  const { task, run, attempt, status, reason } = record
  return {
    task,
    run: {
      run,
      ...(attempt === undefined ? {} : { attempt }),
      status,
      ...(reason === undefined ? {} : { reason }),
    },
    measures: measuresOf(record),
  }
}

function touches({ set = [], remove = [], addMember }: Write, attribute: string): boolean {
  const paths = [...set.map(([path]) => path), ...remove, ...(addMember ? [addMember[0]] : [])]
  return paths.some((path) => path.length === 1 && path[0] === attribute)
}

function waiting(task: string, item: Item): Observation {
  const { size } = (item['waiting'] ?? new Set()) as Set<string>
  return { task, measures: { Waiting: size } }
}

function measuresOf(record: RunRecord): Observation['measures'] {
  const { status, reason, attempt, trigger, scheduledAt, startedAt, finishedAt } = record
  const counted = BY_STATUS[status]
  const measures: Observation['measures'] = counted === undefined ? {} : { [counted]: 1 }
  const [first] = record.attempts ?? []
  // Only a tick is due at a time: who asks for a run asks for it now, whatever tick it is for.
  if (status === 'RUNNING' && attempt === 1 && trigger === 'schedule')
    measures.StartDelay = elapsed(scheduledAt, startedAt)
  // A late error changes what is known of a run that has ended, and whose duration was told.
  if (isEnded(record) && first && reason !== 'late-error')
    measures.Duration = elapsed(first.startedAt, finishedAt)
  return measures
}

const elapsed = (from: string, to = from) => Math.max(0, Date.parse(to) - Date.parse(from))
