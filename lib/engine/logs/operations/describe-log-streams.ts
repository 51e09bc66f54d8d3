import type {
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { streamArn } from '../arn'
import { invalidParameter } from '../errors'
import { groupOf, limit, oneOf } from '../input'
import type { LogsContext } from '../operation'
import { page } from '../paging'
import type { LogStream } from '../store/stream'

export function describeLogStreams(
  { store, region }: LogsContext,
  input: DescribeLogStreamsCommandInput,
): DescribeLogStreamsResponse {
  const group = groupOf(input)
  const byTime = oneOf(input.orderBy, 'orderBy', ['LogStreamName', 'LastEventTime']) === 'LastEventTime'
  const prefix = input.logStreamNamePrefix
  if (byTime && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
  const found = store
    .streams(group)
    .all()
    .filter((stream) => prefix === undefined || stream.name.startsWith(prefix))
    .sort(byTime ? earlier : byName)
  if (input.descending) found.reverse()
  const { items, nextToken } = page(found, (stream) => stream.name, limit(input.limit, 50), input.nextToken)
  const describe = (stream: LogStream) => ({
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    ...(stream.lastEvent && {
      firstEventTimestamp: stream.events[0]?.timestamp,
      lastEventTimestamp: stream.lastEvent.timestamp,
      lastIngestionTime: stream.lastIngestionTime,
    }),
    arn: streamArn(region, group, stream.name),
    // AWS has reported no other number for a stream since 2019 (API reference, LogStream).
    storedBytes: 0,
  })
  return { logStreams: items.map(describe), ...(nextToken !== undefined && { nextToken }) }
}

const byName = (a: LogStream, b: LogStream) => (a.name < b.name ? -1 : 1)

const earlier = (a: LogStream, b: LogStream) =>
  (a.lastEvent?.timestamp ?? 0) - (b.lastEvent?.timestamp ?? 0) || byName(a, b)
