import type { RunRecord } from '../../core/protocol/record'
import { why } from '../../core/sentence'
import { oneLine } from '../../core/text'
import { colourOf, paint } from '../output/colour'
import { cut } from '../output/text'
import { localTime } from './schedules'

const WIDTH = 80
const STATUS_WIDTH = 9

/** Local time, task, status, duration and, for a failure, why: one line of at most 80 columns. */
export function runLine(
  run: RunRecord,
  options: { taskWidth: number; now: number; colour: boolean },
): string {
  const { taskWidth, now, colour } = options
  const at = Date.parse(run.finishedAt ?? run.startedAt ?? run.queuedAt ?? run.scheduledAt)
  const before = `${localTime(at, now)}  ${run.task.padEnd(taskWidth)}  `
  const status = run.status.padEnd(STATUS_WIDTH)
  const after = `  ${duration(run).padStart(7)}  ${why(run)}`
  const visible = cut(oneLine(before + status + after), WIDTH)
  const rest = visible.slice(before.length + run.status.length)
  return before + paint(run.status, colourOf(run.status), colour) + rest
}

function duration({ startedAt, finishedAt }: RunRecord): string {
  if (startedAt === undefined || finishedAt === undefined) return ''
  const ms = Date.parse(finishedAt) - Date.parse(startedAt)
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} m ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}
