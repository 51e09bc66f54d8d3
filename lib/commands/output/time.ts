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

/** `10:30:02.123`, UTC. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23)
}
