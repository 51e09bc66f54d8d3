import type { DeleteRetentionPolicyCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { groupName } from '../input'
import type { LogsContext } from '../operation'

export function deleteRetentionPolicy(
  { store }: LogsContext,
  input: DeleteRetentionPolicyCommandInput,
): undefined {
  store.change(groupName(input.logGroupName), (group) => {
    delete group.retentionInDays
  })
}
