const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `12 s`, `3 min`, `2 h`, `5 d`: whole units, rounded down. */
export function rough(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

/** `3 min ago`, `in 2 h`. */
export function relative(at: number, now: number): string {
  return at <= now ? `${rough(now - at)} ago` : `in ${rough(at - now)}`
}

/** `12.3 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const two = (n: number) => String(n).padStart(2, '0')
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${two(Math.floor((ms % MINUTE) / SECOND))} s`
  return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} min`
}

/** A span as somebody would write it down: `30 s`, `15 min`, `1.5 h`, `2 d`. In seconds. */
export function span(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ]
  for (const [size, name] of units)
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${name}`
  return `${seconds} s`
}

/** ISO 8601, UTC, without milliseconds where they are none. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** `10:30:02.123`, UTC. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23)
}
