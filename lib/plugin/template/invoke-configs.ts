import { MAX_EVENT_AGE, SECOND } from '../../core/timing'
import type { Task } from '../config/resolve'
import { functionKeys, ids } from '../naming'
import type { AwsProvider, CloudFormationResource } from '../serverless'

/**
 * How Lambda treats the asynchronous invocations of the service's own targets: no retries of its own, none that can no
 * longer start, and its report to the checker. One a function and qualifier, whoever of the tasks shares it. Functions
 * that are deployed elsewhere keep their owner's.
 * `aliases` are the aliases that the stack makes, of whatever function: name to logical ids.
 */
export function invokeConfigs(
  tasks: Task[],
  aliases: Map<string, string[]>,
  naming: AwsProvider['naming'],
): Record<string, CloudFormationResource> {
  const checker = { Destination: { 'Fn::GetAtt': [naming.getLambdaLogicalId(functionKeys.checker), 'Arn'] } }
  const resources: Record<string, CloudFormationResource> = {}
  for (const { target } of tasks) {
    if (target.own === undefined) continue
    const { key, config } = target.own
    const plain = tasks.some(
      (other) =>
        other.definition.target === 'plain' &&
        other.target.own?.key === key &&
        other.target.qualifier === target.qualifier,
    )
    const alias = aliases.get(target.qualifier)
    resources[ids.invokeConfig(key, target.qualifier)] = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      ...(config.condition === undefined ? {} : { Condition: config.condition }),
      ...(alias === undefined ? {} : { DependsOn: alias }),
      Properties: {
        FunctionName: { Ref: naming.getLambdaLogicalId(key) },
        Qualifier: target.qualifier,
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: MAX_EVENT_AGE / SECOND,
        DestinationConfig: { OnFailure: checker, ...(plain ? { OnSuccess: checker } : {}) },
      },
    }
  }
  return resources
}
