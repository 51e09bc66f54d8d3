import { DAY } from '../../../core/schedule/schedule'
import { type LogEvent, sizeOf } from './event'
import type { LogGroup } from './log-group'
import { firstIndex, type LogStream } from './stream'

/** A page holds at most so many events and bytes (API reference, GetLogEvents and FilterLogEvents). */
export const MOST_IN_PAGE = 10_000
const LARGEST_PAGE = 1_048_576

/** Events older than this (epoch ms) have passed their group's retention and are not shown any more. */
export function keptSince(group: LogGroup, now: number): number {
  return group.retentionInDays === undefined ? 0 : now - group.retentionInDays * DAY
}

/** The indexes of a stream's events from `start` on and before `end`, epoch ms. */
export function inRange(stream: LogStream, { start, end }: { start: number; end: number }): [number, number] {
  return [
    firstIndex(stream.events, (event) => event.timestamp >= start),
    firstIndex(stream.events, (event) => event.timestamp >= end),
  ]
}

/** As many of `events` as one page holds, which is one at least. */
export function whole<T extends LogEvent>(events: readonly T[], most: number): T[] {
  let bytes = 0
  const end = events.findIndex((event, index) => {
    bytes += sizeOf(event.message)
    return index === most || (bytes > LARGEST_PAGE && index > 0)
  })
  return end < 0 ? [...events] : events.slice(0, end)
}
