import type { BriefRun } from '../../core/protocol/record'

/** Milliseconds that the last attempt took, or has taken so far; undefined before it starts. */
export function runTime({ startedAt, finishedAt, status }: BriefRun, now: number): number | undefined {
  if (startedAt === undefined) return undefined
  if (finishedAt === undefined)
    return status === 'RUNNING' ? Math.max(0, now - Date.parse(startedAt)) : undefined
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))
}
