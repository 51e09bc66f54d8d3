import type { CreateLogStreamCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { ApiError } from '../../api'
import { groupName, streamName } from '../input'
import type { LogsContext } from '../operation'

export function createLogStream(
  { store, clock }: LogsContext,
  input: CreateLogStreamCommandInput,
): undefined {
  const streams = store.streams(groupName(input.logGroupName))
  const name = streamName(input.logStreamName)
  if (streams.get(name)) {
    throw new ApiError('ResourceAlreadyExistsException', 'The specified log stream already exists')
  }
  streams.create(name, clock.now())
}
