import { wallTime } from '../../../core/schedule/zone'
import { since } from '../format/time'
import type { Line } from './line'

const QUARTER = 15 * 60_000

/** Writes times of day in a zone, thousands of them: the offset is asked for once a quarter of an hour. */
function clockOf(timeZone: string): (at: number) => string {
  let quarter = Number.NaN
  let offset = 0
  return (at) => {
    const mine = Math.floor(at / QUARTER)
    if (mine !== quarter) {
      quarter = mine
      offset = wallTime(at, timeZone) - at
    }
    return new Date(at + offset).toISOString().slice(11, 23)
  }
}

export type LogTime = 'clock' | 'since' | 'none'

/** What stands in the time column. */
export function timeColumn(mode: LogTime, timeZone: string, start: number): (line: Line) => string {
  if (mode === 'none') return () => ''
  if (mode === 'since') return ({ time }) => since(time, start)
  const clock = clockOf(timeZone)
  return ({ time }) => clock(time)
}
