import type { CreateLogGroupCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { ApiError } from '../../api'
import { groupName, oneOf } from '../input'
import type { LogsContext } from '../operation'

export function createLogGroup({ store, clock }: LogsContext, input: CreateLogGroupCommandInput): undefined {
  const name = groupName(input.logGroupName)
  if (store.find(name)) {
    throw new ApiError('ResourceAlreadyExistsException', 'The specified log group already exists')
  }
  store.add({
    name,
    creationTime: clock.now(),
    class:
      oneOf(input.logGroupClass, 'logGroupClass', ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']) ??
      'STANDARD',
    tags: { ...input.tags },
    filters: [],
    ...(input.kmsKeyId !== undefined && { kmsKeyId: input.kmsKeyId }),
    ...(input.deletionProtectionEnabled !== undefined && {
      deletionProtected: input.deletionProtectionEnabled,
    }),
  })
}
