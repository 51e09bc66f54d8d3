import type { GetLogEventsCommandInput, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { invalidParameter } from '../errors'
import { groupOf, limit, streamName } from '../input'
import type { LogsContext } from '../operation'
import { placeAfter, placeBefore, START } from '../store/event'
import { firstIndex } from '../store/stream'
import { inRange, keptSince, MOST_IN_PAGE, whole } from '../store/window'

/**
 * A token is a direction and a place between two events, so whoever has read to the end and keeps asking with the token
 * he was given gets what came since; that the same token comes back says that there is nothing.
 */
export function getLogEvents(
  { store, clock }: LogsContext,
  input: GetLogEventsCommandInput,
): GetLogEventsResponse {
  const name = groupOf(input)
  const size = limit(input.limit, MOST_IN_PAGE)
  const group = store.get(name)
  const stream = store.stream(name, streamName(input.logStreamName))
  const [from, to] = inRange(stream, {
    start: Math.max(input.startTime ?? 0, keptSince(group, clock.now())),
    end: input.endTime ?? Number.POSITIVE_INFINITY,
  })
  const { forward, place } = cursorOf(input)
  // Where the page begins (forwards) or ends (backwards).
  const edge =
    place === undefined
      ? forward
        ? from
        : to
      : firstIndex(stream.events, (event) => stream.idOf(event) > place)
  const events = forward
    ? whole(stream.events.slice(Math.max(edge, from), to), size)
    : whole(stream.events.slice(from, Math.min(edge, to)).reverse(), size).reverse()
  const [first, last] = [events[0], events.at(-1)]
  return {
    events: events.map(({ timestamp, ingestionTime, message }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${last ? placeAfter(stream.idOf(last)) : (place ?? START)}`,
    nextBackwardToken: `b/${first ? placeBefore(stream.idOf(first)) : (place ?? START)}`,
  }
}

function cursorOf({ nextToken, startFromHead }: GetLogEventsCommandInput): {
  forward: boolean
  place?: string
} {
  if (nextToken === undefined) return { forward: startFromHead ?? false }
  const token = /^([fb])\/(\d{56})$/.exec(nextToken)
  if (!token) throw invalidParameter('The specified nextToken is invalid.')
  return { forward: token[1] === 'f', place: token[2] as string }
}
