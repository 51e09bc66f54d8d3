import type { TaskRow } from '../../api'
import { type State, statesOf } from './states'

const COLUMNS = ['task', 'status', 'last', 'next', 'schedule'] as const
export type Column = (typeof COLUMNS)[number]

/** Trouble first, then what runs, then the rest. */
const URGENCY: Record<State, number> = {
  FAILED: 0,
  TIMED_OUT: 0,
  MISSED: 1,
  RETRYING: 2,
  RUNNING: 3,
  QUEUED: 3,
  CANCELLED: 4,
  SKIPPED: 4,
  PAUSED: 5,
  SUCCEEDED: 6,
  NEW: 7,
  DISABLED: 8,
}

const urgency = (row: TaskRow) => Math.min(...statesOf(row).map((state) => URGENCY[state]))
const lastTime = ({ last }: TaskRow) =>
  last === null ? Number.NEGATIVE_INFINITY : Date.parse(last.finishedAt ?? last.startedAt ?? last.run)

const COMPARE: Record<Column, (a: TaskRow, b: TaskRow) => number> = {
  task: () => 0,
  status: (a, b) => urgency(a) - urgency(b),
  last: (a, b) => lastTime(a) - lastTime(b),
  next: (a, b) => (a.next ?? Number.POSITIVE_INFINITY) - (b.next ?? Number.POSITIVE_INFINITY) || 0,
  schedule: (a, b) => a.schedule.localeCompare(b.schedule),
}

export type Sort = { column: Column; down: boolean }

/** `last`, or `-last` for the other way round. Trouble first where it names no column. */
export function parseSort(text: string | null): Sort {
  const name = text?.replace(/^-/, '')
  const column = COLUMNS.find((one) => one === name)
  return column ? { column, down: text?.startsWith('-') === true } : { column: 'status', down: false }
}

export function sortRows(rows: readonly TaskRow[], { column, down }: Sort): TaskRow[] {
  const compare = COMPARE[column]
  const sign = down ? -1 : 1
  const byName = (a: TaskRow, b: TaskRow) => (a.task < b.task ? -1 : a.task > b.task ? 1 : 0)
  return [...rows].sort((a, b) =>
    column === 'task' ? sign * byName(a, b) : sign * compare(a, b) || byName(a, b),
  )
}
