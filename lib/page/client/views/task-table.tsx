import { Component } from 'preact'
import type { TaskRow } from '../../api'
import { scheduleWords, zoneOf } from '../format/schedule'
import { TaskStates } from '../parts/status'
import { Strip } from '../parts/strip'
import { Ago, Took } from '../parts/time'
import { Why } from '../parts/why'
import { runHash, setQuery, taskHash } from '../state/route'
import type { Column, Sort } from '../state/sort'

type Props = { rows: readonly TaskRow[]; shown: ReadonlySet<string>; sort: Sort }

export function TaskTable({ rows, shown, sort }: Props) {
  return (
    <table class="tasks" hidden={shown.size === 0}>
      <thead>
        <tr>
          <Head column="task" sort={sort} text="Task" />
          <Head column="status" sort={sort} text="Status" />
          <Head column="last" sort={sort} text="Last run" />
          <th scope="col" class="col-recent">
            Recent runs
          </th>
          <Head column="next" sort={sort} text="Next" />
          <Head column="schedule" sort={sort} text="Schedule" />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.task} row={row} hidden={!shown.has(row.task)} />
        ))}
      </tbody>
    </table>
  )
}

function Head({ column, sort, text }: { column: Column; sort: Sort; text: string }) {
  const on = sort.column === column
  return (
    <th
      scope="col"
      class={`col-${column}`}
      aria-sort={on ? (sort.down ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        class="sort"
        onClick={() =>
          setQuery({ sort: on && !sort.down ? `-${column}` : column === 'status' ? undefined : column })
        }
      >
        {text}
        <span class="arrow" aria-hidden="true">
          {on ? (sort.down ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  )
}

type RowProps = { row: TaskRow; hidden: boolean }

/** Drawn again only when it says something else: typing a filter must not draw 500 of them. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps) {
    return next.row !== this.props.row || next.hidden !== this.props.hidden
  }

  override render({ row, hidden }: RowProps) {
    const { task, description, tags, last, recent, overlapped } = row
    return (
      <tr hidden={hidden}>
        <th scope="row" class="col-task">
          <a data-row class="task-name" href={taskHash(task)}>
            {task}
          </a>
          {tags.map((tag) => (
            <button
              type="button"
              key={tag}
              class="tag"
              onClick={() => setQuery({ tag })}
              title={`Only tasks with ${tag}`}
            >
              {tag}
            </button>
          ))}
          <div class="narrow-only">
            <TaskStates row={row} />
          </div>
          {description !== undefined && <div class="muted description">{description}</div>}
        </th>
        <td class="col-status">
          <TaskStates row={row} />
          <Load row={row} />
        </td>
        <td class="col-last">
          {last ? (
            <>
              <a href={runHash(task, last.run)}>
                <Ago at={Date.parse(last.finishedAt ?? last.startedAt ?? last.queuedAt ?? last.run)} />
              </a>
              {last.startedAt !== undefined && (
                <span class="muted">
                  {' · '}
                  <Took from={last.startedAt} to={last.finishedAt} />
                </span>
              )}
              {last.why !== '' && (
                <div class="why muted">
                  <Why run={last} />
                </div>
              )}
            </>
          ) : (
            <span class="muted">never ran</span>
          )}
        </td>
        <td class="col-recent">
          <Strip task={task} recent={recent} />
          {overlapped > 0 && <div class="muted small">{overlapped} skipped, another ran</div>}
        </td>
        <td class="col-next">
          <Next row={row} />
        </td>
        <td class="col-schedule">
          <ScheduleText row={row} />
        </td>
      </tr>
    )
  }
}

function Load({ row: { running, waiting, last } }: { row: TaskRow }) {
  const others = running.filter((run) => run !== last?.run).length
  const parts = [others > 0 ? `${others} running` : '', waiting > 0 ? `${waiting} waiting` : ''].filter(
    Boolean,
  )
  return parts.length === 0 ? null : <div class="muted small">{parts.join(', ')}</div>
}

function Next({ row: { next, enabled, paused } }: { row: TaskRow }) {
  if (!enabled) return <span class="muted">none: disabled</span>
  if (next === null) return <span class="muted">no more</span>
  if (paused) return <span class="muted">paused</span>
  return <Ago at={next} />
}

export function ScheduleText({ row }: { row: TaskRow }) {
  const words = scheduleWords(row.schedule)
  const zone = zoneOf(row)
  return (
    <span title={`${row.schedule} ${row.timezone}`}>
      {words}
      {zone !== undefined && <span class="muted"> {zone}</span>}
    </span>
  )
}
