import { instantOf, wallTime } from '../../../core/schedule/zone'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const STEPS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE)

/**
 * Round times of the wall clock in a zone, `most` at most, so that hour and day lines stand where they belong on the day
 * that the clocks change, too.
 */
export function marksOf(
  from: number,
  to: number,
  most: number,
  timeZone: string,
): { at: number; text: string }[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? 24 * HOUR
  const marks: { at: number; text: string }[] = []
  const end = wallTime(to, timeZone)
  for (let wall = Math.ceil(wallTime(from, timeZone) / step) * step; wall <= end; wall += step) {
    const at = instantOf(wall, timeZone)
    if (at === undefined || at < from || at > to) continue
    const text = new Date(wall).toISOString()
    marks.push({ at, text: wall % (24 * HOUR) === 0 ? text.slice(5, 10) : text.slice(11, 16) })
  }
  return marks
}
