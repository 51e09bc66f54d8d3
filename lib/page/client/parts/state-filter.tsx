import type { TaskRow } from '../../api'
import { setQuery } from '../state/route'
import { type State, statesOf, WORDS } from '../state/states'
import { Chip } from './chip'
import { Icon } from './icon'

/** One button for each state that some task is in, with how many are. */
export function StateFilter({ rows, chosen }: { rows: readonly TaskRow[]; chosen: readonly string[] }) {
  const counts = new Map<State, number>()
  for (const row of rows) for (const state of statesOf(row)) counts.set(state, (counts.get(state) ?? 0) + 1)
  const states = (Object.keys(WORDS) as State[]).filter(
    (state) => counts.has(state) || chosen.includes(state),
  )
  const toggle = (state: State) => {
    const next = chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state]
    setQuery({ status: next.join(',') })
  }
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">Only tasks that are</legend>
      {states.map((state) => (
        <Chip key={state} kind={`s-${state}`} on={chosen.includes(state)} onClick={() => toggle(state)}>
          <Icon name={state} />
          {WORDS[state]} <span class="count">{counts.get(state) ?? 0}</span>
        </Chip>
      ))}
    </fieldset>
  )
}
