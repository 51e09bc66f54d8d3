import type { TaskList, TaskRow } from '../../api'
import { usePoll } from '../net/use-poll'
import { spoken } from './announce'
import { now } from './clock'
import { WORDS } from './states'

/** A tick's run is there about a second after it. */
const AFTER_TICK = 1500
const SPOKEN = 3

/** All tasks, looked at again more often while something runs. */
export function useTaskList() {
  return usePoll<TaskList>('/api/tasks', waitAfter, keepSame)
}

function waitAfter({ service: { poll }, tasks }: TaskList): number {
  if (tasks.some(({ running, waiting }) => running.length + waiting > 0)) return poll.running
  const next = Math.min(...tasks.flatMap(({ next, paused }) => (next === null || paused ? [] : [next])))
  return Math.max(poll.running, Math.min(poll.idle, next - now() + AFTER_TICK))
}

/** Rows that say the same stay the same object, so that they are not drawn anew. */
function keepSame(old: TaskList | undefined, fresh: TaskList): TaskList {
  if (!old) return fresh
  const rows = new Map(old.tasks.map((row) => [row.task, row]))
  const changed: string[] = []
  const tasks = fresh.tasks.map((row) => {
    const before = rows.get(row.task)
    if (before && JSON.stringify(before) === JSON.stringify(row)) return before
    if (before && before.last?.status !== row.last?.status) changed.push(saidOf(row))
    return row
  })
  if (changed.length > 0) {
    const more = changed.length > SPOKEN ? `, and ${changed.length - SPOKEN} more` : ''
    spoken.set(`${changed.slice(0, SPOKEN).join(', ')}${more}`)
  }
  return { ...fresh, tasks }
}

const saidOf = ({ task, last }: TaskRow) => `${task}: ${last ? WORDS[last.status] : 'no run'}`
