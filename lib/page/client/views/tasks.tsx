import { useMemo } from 'preact/hooks'
import type { TaskList } from '../../api'
import { openDialog } from '../dialogs/open'
import { Button } from '../parts/button'
import { StateFilter } from '../parts/state-filter'
import { TaskSearch } from '../parts/task-search'
import { filterOf, matches } from '../state/filter'
import { setQuery, useRoute } from '../state/route'
import { parseSort, sortRows } from '../state/sort'
import { NoTasks } from './empty'
import { TaskTable } from './task-table'

/** Every task, trouble first. */
export function TasksView({ list }: { list: TaskList }) {
  const { query } = useRoute()
  const filter = filterOf(query)
  const sort = parseSort(query.get('sort'))
  const rows = useMemo(() => sortRows(list.tasks, sort), [list.tasks, sort.column, sort.down])
  const shown = new Set(rows.filter((row) => matches(row, filter)).map(({ task }) => task))
  if (list.tasks.length === 0) return <NoTasks service={list.service} />
  const names = rows.filter(({ task }) => shown.has(task)).map(({ task }) => task)
  const filtered = names.length < rows.length
  const paused = new Set(list.tasks.filter((row) => row.paused).map(({ task }) => task))
  const toPause = names.filter((task) => !paused.has(task))
  const toResume = names.filter((task) => paused.has(task))
  return (
    <>
      <div class="page-head">
        <h1>Tasks</h1>
        <p class="muted" role="status">
          {filtered ? `${names.length} of ${rows.length}` : `${rows.length}`}
          {filtered && (
            <>
              {' · '}
              <button type="button" class="link" onClick={clear}>
                Clear filters
              </button>
            </>
          )}
        </p>
        <div class="spacer" />
        <div class="buttons">
          {filtered && (
            <Button
              icon="play"
              onClick={() => openDialog({ what: 'run', tasks: toPause })}
              disabled={toPause.length === 0}
            >
              Run {toPause.length}
            </Button>
          )}
          <Button
            icon="PAUSED"
            onClick={() => openDialog({ what: 'pause', tasks: toPause })}
            disabled={toPause.length === 0}
          >
            Pause {filtered ? toPause.length : 'all'}
          </Button>
          {paused.size > 0 && (
            <Button
              icon="play"
              onClick={() => openDialog({ what: 'resume', tasks: toResume })}
              disabled={toResume.length === 0}
            >
              Resume {toResume.length}
            </Button>
          )}
        </div>
      </div>
      <div class="filters">
        <TaskSearch text={filter.text} />
        <StateFilter rows={list.tasks} chosen={filter.states} />
        {filter.tag !== undefined && (
          <button type="button" class="chip chip-on" onClick={() => setQuery({ tag: undefined })}>
            tag: {filter.tag} ×
          </button>
        )}
      </div>
      {names.length === 0 ? (
        <p class="empty">
          0 of {rows.length} tasks match.{' '}
          <button type="button" class="link" onClick={clear}>
            Clear filters
          </button>
        </p>
      ) : null}
      <TaskTable rows={rows} shown={shown} sort={sort} />
    </>
  )
}

const clear = () => setQuery({ q: undefined, status: undefined, tag: undefined })
