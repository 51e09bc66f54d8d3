import type { PutRetentionPolicyCommandInput } from '@aws-sdk/client-cloudwatch-logs'
import { invalidParameter } from '../errors'
import { groupName, required } from '../input'
import type { LogsContext } from '../operation'

/** API reference, PutRetentionPolicy. */
const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

export function putRetentionPolicy({ store }: LogsContext, input: PutRetentionPolicyCommandInput): undefined {
  const name = groupName(input.logGroupName)
  const days = required(input.retentionInDays, 'retentionInDays')
  if (!DAYS.includes(days)) {
    throw invalidParameter(
      `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${DAYS.join(', ')}]`,
    )
  }
  store.change(name, (group) => {
    group.retentionInDays = days
  })
}
