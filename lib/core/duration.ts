/** How a length of time is written for people, in the terminal and on the page. Pure. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Of milliseconds: `0.8 s`, `12.3 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const two = (n: number) => String(n).padStart(2, '0')
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${two(Math.floor((ms % MINUTE) / SECOND))} s`
  return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} min`
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
]

/** Of seconds, in the largest unit that divides them: `30 s`, `15 min`, `90 min`, `2 d`. */
export function span(seconds: number): string {
  for (const [size, name] of UNITS)
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${name}`
  return `${seconds} s`
}
