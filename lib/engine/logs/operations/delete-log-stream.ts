import type { DeleteLogStreamCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { groupName, streamName } from '../input'
import type { LogsContext } from '../operation'

export function deleteLogStream({ store }: LogsContext, input: DeleteLogStreamCommandInput): undefined {
  const group = groupName(input.logGroupName)
  const { name } = store.stream(group, streamName(input.logStreamName))
  store.streams(group).delete(name)
}
