import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { groupArn } from '../arn'
import { invalidParameter } from '../errors'
import { groupOfArn, limit } from '../input'
import type { LogsContext } from '../operation'
import { page } from '../paging'
import type { LogGroup } from '../store/log-group'

export function describeLogGroups(
  { store, region }: LogsContext,
  input: DescribeLogGroupsCommandInput,
): DescribeLogGroupsResponse {
  const { logGroupNamePrefix, logGroupNamePattern, logGroupClass } = input
  if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    )
  }
  const named = input.logGroupIdentifiers?.map((identifier) => groupOfArn(identifier) ?? identifier)
  // The pattern is a part of the name in any case (API reference, DescribeLogGroups).
  const part = logGroupNamePattern?.toLowerCase()
  const groups = store
    .all()
    .filter((group) => named === undefined || named.includes(group.name))
    .filter((group) => logGroupNamePrefix === undefined || group.name.startsWith(logGroupNamePrefix))
    .filter((group) => part === undefined || group.name.toLowerCase().includes(part))
    .filter((group) => logGroupClass === undefined || group.class === logGroupClass)
  const { items, nextToken } = page(groups, (group) => group.name, limit(input.limit, 50), input.nextToken)
  const describe = (group: LogGroup) => ({
    logGroupName: group.name,
    creationTime: group.creationTime,
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${groupArn(region, group.name)}:*`,
    logGroupArn: groupArn(region, group.name),
    storedBytes: store
      .streams(group.name)
      .all()
      .reduce((sum, stream) => sum + stream.storedBytes, 0),
    logGroupClass: group.class,
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
    deletionProtectionEnabled: group.deletionProtected ?? false,
  })
  return { logGroups: items.map(describe), ...(nextToken !== undefined && { nextToken }) }
}
