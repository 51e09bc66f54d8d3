import type {
  DescribeSubscriptionFiltersCommandInput,
  DescribeSubscriptionFiltersResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { groupName, limit } from '../input'
import type { LogsContext } from '../operation'
import { page } from '../paging'

export function describeSubscriptionFilters(
  { store }: LogsContext,
  input: DescribeSubscriptionFiltersCommandInput,
): DescribeSubscriptionFiltersResponse {
  const group = store.get(groupName(input.logGroupName))
  const prefix = input.filterNamePrefix ?? ''
  const filters = group.filters.filter((filter) => filter.filterName.startsWith(prefix))
  const { items, nextToken } = page(
    filters,
    (filter) => filter.filterName,
    limit(input.limit, 50),
    input.nextToken,
  )
  return {
    subscriptionFilters: items.map((filter) => ({
      ...filter,
      logGroupName: group.name,
      applyOnTransformedLogs: false,
    })),
    ...(nextToken !== undefined && { nextToken }),
  }
}
