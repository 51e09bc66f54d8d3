import type { PutSubscriptionFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { ApiError } from '../../api'
import { invalidParameter } from '../errors'
import { parseFilterPattern } from '../filter-pattern'
import { filterName, groupName, oneOf, required } from '../input'
import type { LogsContext } from '../operation'
import type { SubscriptionFilter } from '../store/log-group'

/**
 * Subscription filters of one log group. AWS's pages disagree: the quota was 2 for years, still is in the API's model,
 * and is 5 in the newest user guide. What fits into 2 can be deployed anywhere.
 */
const MOST_FILTERS = 2

/**
 * Lambda is the only destination that the local engine has. Whether Logs may invoke the function is not checked here: a
 * function that exists can be invoked.
 */
export async function putSubscriptionFilter(
  { store, clock, delivery }: LogsContext,
  input: PutSubscriptionFilterCommandInput,
): Promise<undefined> {
  const group = groupName(input.logGroupName)
  const name = filterName(input.filterName)
  const filterPattern = required(input.filterPattern, 'filterPattern')
  const destinationArn = required(input.destinationArn, 'destinationArn')
  parseFilterPattern(filterPattern)
  const unsupported =
    input.applyOnTransformedLogs || input.fieldSelectionCriteria || input.emitSystemFields?.length
  if (unsupported) {
    throw invalidParameter(
      'The local engine has no applyOnTransformedLogs, fieldSelectionCriteria or emitSystemFields for subscription filters.',
    )
  }
  if (!/^arn:[\w-]+:lambda:/.test(destinationArn)) {
    throw invalidParameter(`The local engine delivers to Lambda functions only, not to ${destinationArn}.`)
  }
  checkRoom(store.get(group).filters, name)
  await delivery.probe(destinationArn)
  const filter: SubscriptionFilter = {
    filterName: name,
    filterPattern,
    destinationArn,
    distribution: oneOf(input.distribution, 'distribution', ['Random', 'ByLogStream']) ?? 'ByLogStream',
    creationTime: clock.now(),
    ...(input.roleArn !== undefined && { roleArn: input.roleArn }),
  }
  store.change(group, (changed) => {
    // Again, because another request may have come first while the function was probed.
    checkRoom(changed.filters, name)
    changed.filters = [...changed.filters.filter((other) => other.filterName !== name), filter]
  })
  delivery.resume(group, name)
}

function checkRoom(filters: SubscriptionFilter[], name: string): void {
  if (filters.filter((filter) => filter.filterName !== name).length >= MOST_FILTERS) {
    throw new ApiError('LimitExceededException', 'Resource limit exceeded.')
  }
}
