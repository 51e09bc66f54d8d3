import { useState } from 'preact/hooks'
import type { TaskList, Timeline } from '../../api'
import { usePoll } from '../net/use-poll'
import { Button } from '../parts/button'
import { Chip } from '../parts/chip'
import { Loading, StaleBanner } from '../parts/error'
import { StateFilter } from '../parts/state-filter'
import { TaskSearch } from '../parts/task-search'
import { now } from '../state/clock'
import { filterOf, matches } from '../state/filter'
import { setQuery, useRoute } from '../state/route'
import { parseSort, sortRows } from '../state/sort'
import { Chart } from './timeline-chart'
import { TimelineTable } from './timeline-table'

const HOUR = 3_600_000
const RANGES: Record<string, number> = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR }
/** Of the stretch that is shown, how much lies ahead. */
const AHEAD = 0.2
const ROWS = 50

/** All tasks over time: what ran, what was skipped or never came, and what is to come. */
export function TimelineView({ list }: { list: TaskList }) {
  const { query } = useRoute()
  const range = RANGES[query.get('range') ?? ''] ? (query.get('range') ?? '24h') : '24h'
  const asTable = query.get('as') === 'table'
  const [count, setCount] = useState(ROWS)
  const filter = filterOf(query)
  const rows = sortRows(list.tasks, parseSort(query.get('sort'))).filter((row) => matches(row, filter))
  // In an order of its own, so that a change of status does not ask for all of them anew.
  const names = rows
    .slice(0, count)
    .map(({ task }) => task)
    .sort()
  const length = RANGES[range] ?? HOUR
  // Moves on in steps, so that the same stretch is asked for as long as it looks the same.
  const step = length / 240
  const to = Math.ceil((now() + AHEAD * length) / step) * step
  const path = `/api/timeline?from=${to - length}&to=${to}&tasks=${names.join(',')}`
  const polled = usePoll<Timeline>(names.length > 0 ? path : undefined, () => list.service.poll.running * 2)
  const [last, setLast] = useState<Timeline>()
  if (polled.data && polled.data !== last) setLast(polled.data)
  const data = polled.data ?? last
  return (
    <>
      <StaleBanner polled={polled} />
      <div class="page-head">
        <h1>Timeline</h1>
        <div class="spacer" />
        <fieldset class="chips">
          <legend class="visually-hidden">Stretch of time</legend>
          {Object.keys(RANGES).map((name) => (
            <Chip
              key={name}
              on={name === range}
              onClick={() => setQuery({ range: name === '24h' ? undefined : name })}
            >
              {name}
            </Chip>
          ))}
        </fieldset>
        <Button pressed={asTable} onClick={() => setQuery({ as: asTable ? undefined : 'table' })}>
          As a table
        </Button>
      </div>
      <div class="filters">
        <TaskSearch text={filter.text} />
        <StateFilter rows={list.tasks} chosen={filter.states} />
      </div>
      {rows.length === 0 && <p class="empty">0 of {list.tasks.length} tasks match.</p>}
      {rows.length > 0 && !data && <Loading what="the runs" />}
      {rows.length > 0 && data && asTable && <TimelineTable timeline={data} order={rows} />}
      {rows.length > 0 && data && !asTable && <Chart timeline={data} order={rows.slice(0, count)} />}
      {rows.length > count && (
        <Button onClick={() => setCount(count + ROWS)}>
          {Math.min(ROWS, rows.length - count)} more of {rows.length}
        </Button>
      )}
    </>
  )
}
