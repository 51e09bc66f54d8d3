import { useMemo, useState } from 'preact/hooks'
import { counted } from '../../../core/counted'
import type { TaskRow } from '../../api'
import { matches } from '../state/filter'
import { taskHash } from '../state/route'
import { parseSort, sortRows } from '../state/sort'
import { statesOf, WORDS } from '../state/states'
import { Icon } from './icon'

/** All tasks beside the one that is looked at, where the window is wide enough. */
export function Sidebar({ rows, current }: { rows: readonly TaskRow[]; current: string | undefined }) {
  const [text, setText] = useState('')
  const sorted = useMemo(() => sortRows(rows, parseSort(null)), [rows])
  const shown = sorted.filter((row) => matches(row, { text, states: [], tag: undefined }))
  return (
    <nav class="sidebar" aria-label="Tasks">
      <label class="search">
        <span class="visually-hidden">Search tasks</span>
        <input
          type="search"
          placeholder={counted(rows.length, 'task')}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <ul>
        {shown.map((row) => {
          const states = statesOf(row)
          const words = states.map((state) => WORDS[state]).join(', ')
          return (
            <li key={row.task}>
              <a
                href={taskHash(row.task)}
                aria-current={row.task === current ? 'true' : undefined}
                title={words}
              >
                {states.slice(0, 2).map((state) => (
                  <span key={state} class={`s-${state}`}>
                    <Icon name={state} />
                  </span>
                ))}
                <span class="sidebar-name">{row.task}</span>
                <span class="visually-hidden">{words}</span>
              </a>
            </li>
          )
        })}
      </ul>
      {shown.length === 0 && <p class="muted small">none of {rows.length}</p>}
    </nav>
  )
}
