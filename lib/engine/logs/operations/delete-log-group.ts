import type { DeleteLogGroupCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { ApiError } from '../../api'
import { groupName } from '../input'
import type { LogsContext } from '../operation'

export function deleteLogGroup({ store }: LogsContext, input: DeleteLogGroupCommandInput): undefined {
  const name = groupName(input.logGroupName)
  if (store.get(name).deletionProtected) {
    throw new ApiError('ValidationException', 'The log group is protected from deletion.')
  }
  store.delete(name)
}
