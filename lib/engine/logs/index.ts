import { ApiError, type ApiRequest, type ApiResponse, type Service, type ServiceContext } from '../api'
import { Delivery } from './delivery/delivery'
import type { LogsContext, Operation } from './operation'
import { createLogGroup } from './operations/create-log-group'
import { createLogStream } from './operations/create-log-stream'
import { deleteLogGroup } from './operations/delete-log-group'
import { deleteLogStream } from './operations/delete-log-stream'
import { deleteRetentionPolicy } from './operations/delete-retention-policy'
import { deleteSubscriptionFilter } from './operations/delete-subscription-filter'
import { describeLogGroups } from './operations/describe-log-groups'
import { describeLogStreams } from './operations/describe-log-streams'
import { describeSubscriptionFilters } from './operations/describe-subscription-filters'
import { filterLogEvents } from './operations/filter-log-events'
import { getLogEvents } from './operations/get-log-events'
import { putLogEvents } from './operations/put-log-events'
import { putRetentionPolicy } from './operations/put-retention-policy'
import { putSubscriptionFilter } from './operations/put-subscription-filter'
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './operations/tags'
import { LogStore } from './store/log-store'

const OPERATIONS = new Map<string, Operation>(
  Object.entries({
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: deleteLogGroup,
    DeleteLogStream: deleteLogStream,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DeleteSubscriptionFilter: deleteSubscriptionFilter,
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    DescribeSubscriptionFilters: describeSubscriptionFilters,
    FilterLogEvents: filterLogEvents,
    GetLogEvents: getLogEvents,
    ListTagsForResource: listTagsForResource,
    ListTagsLogGroup: listTagsLogGroup,
    PutLogEvents: putLogEvents,
    PutRetentionPolicy: putRetentionPolicy,
    PutSubscriptionFilter: putSubscriptionFilter,
    TagLogGroup: tagLogGroup,
    TagResource: tagResource,
    UntagLogGroup: untagLogGroup,
    UntagResource: untagResource,
  }),
)

/** CloudWatch Logs: groups, streams and their events on disk, filter patterns, and subscription filters to Lambda. */
export function createLogs(service: ServiceContext): Service {
  const store = new LogStore(service.dataDir)
  const context: LogsContext = { ...service, store, delivery: new Delivery(service) }
  return {
    name: 'logs',
    protocol: 'awsJson1_1',
    handle: (request) => handle(context, request),
    close: () => context.delivery.close(),
  }
}

async function handle(context: LogsContext, request: ApiRequest): Promise<ApiResponse> {
  const name = request.headers['x-amz-target']?.split('.')[1] ?? ''
  const operation = OPERATIONS.get(name)
  if (!operation) {
    throw new ApiError(
      'UnknownOperationException',
      `The local engine's CloudWatch Logs has no operation ${name}.`,
    )
  }
  const output = await operation(context, inputOf(request.body))
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: output === undefined ? '' : JSON.stringify(output),
  }
}

function inputOf(body: Buffer): object {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as object)
  } catch {
    throw new ApiError('SerializationException', 'The body of the request is not JSON.')
  }
}
