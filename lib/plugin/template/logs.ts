import type { ServiceConfig } from '../config/resolve'
import { functionKeys, ids } from '../naming'
import type { AwsProvider, CloudFormationResource } from '../serverless'
import { logGroupArn } from './arn'
import { filterPattern, tasksByLogGroup } from './filter-pattern'
import { statePolicies } from './policies'

/** What CloudWatch Logs takes (API reference, PutRetentionPolicy). */
const RETENTION_DAYS = [
  30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/**
 * The service's log group, and a subscription to the checker on each group that tasks write to.
 * `existing` are the log groups that the stack makes anyway: name to logical ids.
 */
export function logs(
  { names, tasks, settings }: ServiceConfig,
  existing: Map<string, string[]>,
  naming: AwsProvider['naming'],
): Record<string, CloudFormationResource> {
  const retention = Math.max(...tasks.map(({ definition }) => definition.retention))
  const resources: Record<string, CloudFormationResource> = {
    [ids.logGroup]: {
      Type: 'AWS::Logs::LogGroup',
      ...statePolicies(settings),
      Properties: {
        LogGroupName: names.logGroup,
        // The next longer that exists, so that no record outlives its log.
        RetentionInDays: RETENTION_DAYS.find((days) => days >= retention),
      },
    },
  }
  const made = new Map([...existing, [names.logGroup, [ids.logGroup]]])
  for (const [name, sharing] of tasksByLogGroup(tasks)) {
    const pattern = filterPattern(sharing)
    if (pattern === undefined) continue
    const group = { name, ids: made.get(name) ?? [], suffix: name === names.logGroup ? undefined : name }
    Object.assign(resources, subscription(group, pattern, naming))
  }
  return resources
}

type Group = { name: string; ids: string[]; suffix: string | undefined }

function subscription(
  group: Group,
  pattern: string,
  naming: AwsProvider['naming'],
): Record<string, CloudFormationResource> {
  const checkerArn = { 'Fn::GetAtt': [naming.getLambdaLogicalId(functionKeys.checker), 'Arn'] }
  const permission = ids.subscriptionPermission(group.suffix)
  return {
    [permission]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: checkerArn,
        Principal: 'logs.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
        SourceArn: logGroupArn(group.name),
      },
    },
    [ids.subscription(group.suffix)]: {
      Type: 'AWS::Logs::SubscriptionFilter',
      // CloudWatch Logs tries the function when the filter is made, and refuses one that it may not invoke.
      DependsOn: [permission, ...group.ids],
      Properties: { LogGroupName: group.name, FilterPattern: pattern, DestinationArn: checkerArn },
    },
  }
}
