import type { RunRecord, Status } from '../../core/protocol/record'
import { localTime } from './schedules'

const WIDTH = 80
const STATUS_WIDTH = 9
const COLOURS: Partial<Record<Status, number>> = { SUCCEEDED: 32, FAILED: 31, TIMED_OUT: 31, SKIPPED: 33 }

/** Local time, task, status, duration and, for a failure, why: one line of at most 80 columns. */
export function runLine(
  run: RunRecord,
  options: { taskWidth: number; now: number; colour: boolean },
): string {
  const { taskWidth, now, colour } = options
  const at = Date.parse(run.finishedAt ?? run.startedAt ?? run.queuedAt ?? run.scheduledAt)
  const before = `${localTime(at, now)}  ${run.task.padEnd(taskWidth)}  `
  const status = run.status.padEnd(STATUS_WIDTH)
  const after = `  ${duration(run).padStart(7)}  ${explain(run)}`
  const visible = cut(before + status + after).trimEnd()
  const code = COLOURS[run.status]
  if (!colour || code === undefined) return visible
  const rest = visible.slice(before.length + run.status.length)
  return `${before}\u001b[${code}m${run.status}\u001b[0m${rest}`
}

function duration({ startedAt, finishedAt }: RunRecord): string {
  if (startedAt === undefined || finishedAt === undefined) return ''
  const ms = Date.parse(finishedAt) - Date.parse(startedAt)
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} m ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}

function explain({ status, reason, verdict, error, blockedBy }: RunRecord): string {
  if (status === 'QUEUED') return blockedBy === undefined ? '' : `waits for ${blockedBy}`
  if (status === 'SUCCEEDED' || status === 'RUNNING') return ''
  if (verdict) return `line ${verdict.line}: ${verdict.text}`
  return error ?? reason ?? ''
}

/** The first line of it, as far as the terminal goes, and with nothing in it that moves the cursor. */
function cut(text: string): string {
  const [line = ''] = text.split('\n')
  const characters = [...line.replace(/\p{Cc}+/gu, ' ')]
  return characters.length <= WIDTH ? characters.join('') : `${characters.slice(0, WIDTH - 1).join('')}…`
}
