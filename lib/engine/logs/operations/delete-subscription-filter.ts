import type { DeleteSubscriptionFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { ApiError } from '../../api'
import { filterName, groupName } from '../input'
import type { LogsContext } from '../operation'

export function deleteSubscriptionFilter(
  { store }: LogsContext,
  input: DeleteSubscriptionFilterCommandInput,
): undefined {
  const group = groupName(input.logGroupName)
  const name = filterName(input.filterName)
  if (!store.get(group).filters.some((filter) => filter.filterName === name)) {
    throw new ApiError('ResourceNotFoundException', 'The specified subscription filter does not exist.')
  }
  store.change(group, (changed) => {
    changed.filters = changed.filters.filter((filter) => filter.filterName !== name)
  })
}
