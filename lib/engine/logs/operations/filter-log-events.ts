import type { FilterLogEventsCommandInput, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { invalidParameter } from '../errors'
import { parseFilterPattern } from '../filter-pattern'
import { groupOf, limit } from '../input'
import type { LogsContext } from '../operation'
import { type LogEvent, timestampOf } from '../store/event'
import type { LogStream } from '../store/stream'
import { inRange, keptSince, MOST_IN_PAGE, whole } from '../store/window'

const MOST_STREAMS = 100
/** Newest first is for events from 2024 on only (API reference, FilterLogEvents). */
const DESCENDING_SINCE = Date.UTC(2024, 0, 1)

type Found = LogEvent & { stream: LogStream; id: string }

/**
 * The events of all chosen streams in one order, that of their ids. The token is a direction and the id that the last page
 * ended with.
 */
export function filterLogEvents(
  { store, clock }: LogsContext,
  input: FilterLogEventsCommandInput,
): FilterLogEventsResponse {
  const name = groupOf(input)
  const size = limit(input.limit, MOST_IN_PAGE)
  const matches = parseFilterPattern(input.filterPattern ?? '')
  const { ascending, after } = cursorOf(input)
  const range = {
    start: Math.max(
      input.startTime ?? 0,
      keptSince(store.get(name), clock.now()),
      ascending && after !== undefined ? timestampOf(after) : 0,
    ),
    // Inclusive here, where GetLogEvents' is not.
    end: (input.endTime ?? Number.POSITIVE_INFINITY) + 1,
  }
  const found = chosen(store.streams(name).all(), input)
    .flatMap((stream) =>
      stream.events
        .slice(...inRange(stream, range))
        .filter(({ message }) => matches(message))
        .map((event) => ({ ...event, stream, id: stream.idOf(event) })),
    )
    .filter(({ id }) => after === undefined || (ascending ? id > after : id < after))
    .sort((a, b) => (a.id < b.id === ascending ? -1 : 1))
  const events = whole<Found>(found, size)
  const last = events.at(-1)
  return {
    events: events.map(({ stream, id, timestamp, ingestionTime, message }) => ({
      logStreamName: stream.name,
      timestamp,
      message,
      ingestionTime,
      eventId: id,
    })),
    // AWS has left it empty since 2020.
    searchedLogStreams: [],
    ...(last && events.length < found.length && { nextToken: `${ascending ? 'f' : 'b'}/${last.id}` }),
  }
}

function chosen(
  streams: LogStream[],
  { logStreamNames, logStreamNamePrefix }: FilterLogEventsCommandInput,
): LogStream[] {
  if (logStreamNames && logStreamNamePrefix !== undefined) {
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix cannot both be specified.')
  }
  if (logStreamNames && (logStreamNames.length === 0 || logStreamNames.length > MOST_STREAMS)) {
    throw invalidParameter(`logStreamNames takes 1 to ${MOST_STREAMS} names, not ${logStreamNames.length}`)
  }
  if (logStreamNames) return streams.filter((stream) => logStreamNames.includes(stream.name))
  if (logStreamNamePrefix === undefined) return streams
  return streams.filter((stream) => stream.name.startsWith(logStreamNamePrefix))
}

function cursorOf(input: FilterLogEventsCommandInput): { ascending: boolean; after?: string } {
  if (input.nextToken !== undefined) {
    const token = /^([fb])\/(\d{56})$/.exec(input.nextToken)
    if (!token) throw invalidParameter('The specified nextToken is invalid.')
    return { ascending: token[1] === 'f', after: token[2] as string }
  }
  const ascending = input.startFromHead ?? true
  if (!ascending && (input.startTime ?? 0) < DESCENDING_SINCE) {
    throw invalidParameter('startFromHead can be false only with a startTime of 2024-01-01 or later.')
  }
  return { ascending }
}
