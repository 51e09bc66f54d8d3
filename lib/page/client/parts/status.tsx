import type { TaskRow } from '../../api'
import { relative } from '../format/time'
import { now } from '../state/clock'
import { type State, statesOf, WORDS } from '../state/states'
import { Icon } from './icon'

export function StatusLabel({ state, text }: { state: State; text?: string }) {
  return (
    <span class={`status s-${state}`}>
      <Icon name={state} />
      {text ?? WORDS[state]}
    </span>
  )
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
