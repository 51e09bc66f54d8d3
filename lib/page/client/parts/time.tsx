import { duration } from '../../../core/duration'
import { dateTimeZone, relative, shortTime } from '../format/time'
import { now, useTicking } from '../state/clock'
import { useZone } from '../state/zone'

/** `3 min ago`; the exact time when pointed at. */
export function Ago({ at }: { at: number }) {
  useZone()
  const text = useTicking(() => relative(at, now()))
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTimeZone(at)}>
      {text}
    </time>
  )
}

/** `10:30:00` in the reader's zone, with the date where it is another day. */
export function At({ at }: { at: number }) {
  useZone()
  return (
    <time dateTime={new Date(at).toISOString()} title={dateTimeZone(at)}>
      {shortTime(at, now())}
    </time>
  )
}

/** How long it took, or has taken so far. */
export function Took({ from, to }: { from: string | undefined; to: string | undefined }) {
  const text = useTicking(() =>
    from === undefined
      ? ''
      : duration(Math.max(0, (to === undefined ? now() : Date.parse(to)) - Date.parse(from))),
  )
  return <span class="number">{text}</span>
}
