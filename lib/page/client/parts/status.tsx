import type { Status } from '../../../core/protocol/record'
import type { TaskRow } from '../../api'
import { relative } from '../format/time'
import { now } from '../state/clock'
import { Icon } from './icon'

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

export function StatusLabel({ state, text }: { state: State; text?: string }) {
  return (
    <span class={`status s-${state}`}>
      <Icon name={state} />
      {text ?? WORDS[state]}
    </span>
  )
}

/** Every state that holds of a task, what its last run came to first. */
export function statesOf(row: TaskRow): State[] {
  const states: State[] = [row.last?.status ?? 'NEW']
  if (row.missed !== undefined) states.push('MISSED')
  if (row.paused) states.push('PAUSED')
  if (!row.enabled) states.push('DISABLED')
  return states
}

export function TaskStates({ row }: { row: TaskRow }) {
  return (
    <span class="states">
      {statesOf(row).map((state) => (
        <StatusLabel key={state} state={state} text={detailOf(state, row)} />
      ))}
    </span>
  )
}

function detailOf(state: State, { missed, paused }: TaskRow): string {
  if (state === 'MISSED' && missed !== undefined) return `Missed: due ${relative(missed, now())}`
  if (state === 'PAUSED' && paused?.until !== undefined)
    return `Paused, ends ${relative(Date.parse(paused.until), now())}`
  return WORDS[state]
}
