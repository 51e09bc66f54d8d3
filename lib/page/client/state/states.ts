import type { Status } from '../../../core/protocol/record'
import type { TaskRow } from '../../api'

/** What is shown beside the stored statuses: derived from what a task has and lacks. */
export type State = Status | 'MISSED' | 'PAUSED' | 'DISABLED' | 'NEW'

export const WORDS: Record<State, string> = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  RETRYING: 'Retrying',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  SKIPPED: 'Skipped',
  CANCELLED: 'Cancelled',
  MISSED: 'Missed',
  PAUSED: 'Paused',
  DISABLED: 'Disabled',
  NEW: 'New',
}

/** Every state that holds of a task, what its last run came to first. */
export function statesOf(row: TaskRow): State[] {
  const states: State[] = [row.last?.status ?? 'NEW']
  if (row.missed !== undefined) states.push('MISSED')
  if (row.paused) states.push('PAUSED')
  if (!row.enabled) states.push('DISABLED')
  return states
}
