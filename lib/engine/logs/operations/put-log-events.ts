import type {
  InputLogEvent,
  PutLogEventsCommandInput,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs'
import { DAY, HOUR } from '../../../core/schedule/schedule'
import { invalidParameter } from '../errors'
import { groupName, required, streamName } from '../input'
import type { LogsContext } from '../operation'
import { sizeOf } from '../store/event'

/** Limits of the API reference, PutLogEvents. Sizes in bytes as `sizeOf` counts them. */
const MOST_EVENTS = 10_000
const LARGEST_BATCH = 1_048_576
const LARGEST_EVENT = 1_048_576
const LONGEST_SPAN = DAY
const OLDEST = 14 * DAY
const NEWEST = 2 * HOUR

export function putLogEvents(context: LogsContext, input: PutLogEventsCommandInput): PutLogEventsResponse {
  const { store, clock, delivery } = context
  const name = groupName(input.logGroupName)
  const streamId = streamName(input.logStreamName)
  const events = checked(required(input.logEvents, 'logEvents'))
  const group = store.get(name)
  const stream = store.stream(name, streamId)
  const now = clock.now()
  const rejected = rejections(events, now, group.retentionInDays)
  const from = Math.max(rejected.tooOldLogEventEndIndex ?? 0, rejected.expiredLogEventEndIndex ?? 0)
  const accepted = events.slice(from, rejected.tooNewLogEventStartIndex)
  if (accepted.length > 0) delivery.take(group, stream, stream.append(accepted, now))
  return {
    // Ignored since 2023, but still answered.
    nextSequenceToken: String(stream.events.length).padStart(56, '0'),
    ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
  }
}

type Event = { timestamp: number; message: string }

function checked(events: InputLogEvent[]): Event[] {
  if (events.length === 0 || events.length > MOST_EVENTS) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length ` +
        `${events.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST_EVENTS}`}`,
    )
  }
  let total = 0
  let last = 0
  const found = events.map((event, index) => {
    const timestamp = required(event.timestamp, `logEvents.${index + 1}.member.timestamp`)
    const message = required(event.message, `logEvents.${index + 1}.member.message`)
    if (message === '') {
      throw invalidParameter(
        `1 validation error detected: Value '' at 'logEvents.${index + 1}.member.message' failed to satisfy ` +
          'constraint: Member must have length greater than or equal to 1',
      )
    }
    const size = sizeOf(message)
    if (size > LARGEST_EVENT) {
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${LARGEST_EVENT}`)
    }
    if (timestamp < last) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.')
    }
    total += size
    last = timestamp
    return { timestamp, message }
  })
  if (total > LARGEST_BATCH) {
    throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${LARGEST_BATCH}`)
  }
  if (last - (found[0]?.timestamp ?? last) > LONGEST_SPAN) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    )
  }
  return found
}

/** The call succeeds without the events that are too old or too new for it. */
function rejections(
  events: Event[],
  now: number,
  retentionInDays: number | undefined,
): RejectedLogEventsInfo {
  const olderThan = (time: number) => events.filter(({ timestamp }) => timestamp < time).length
  const tooOld = olderThan(now - OLDEST)
  const expired = retentionInDays === undefined ? 0 : olderThan(now - retentionInDays * DAY)
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + NEWEST)
  return {
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  }
}
