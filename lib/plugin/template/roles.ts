import type { ServiceNames } from '../../core/names'
import type { CloudFormation, CloudFormationResource } from '../serverless'
import { scheduleGroupArn } from './arn'

export type Statement = { Effect: 'Allow'; Action: string[]; Resource: CloudFormation[] }

export const allow = (actions: string[], resources: CloudFormation[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
})

type Trust = { service: string; condition?: CloudFormation }

export function role(
  { service, condition }: Trust,
  statements: Statement[],
  managed: string[] = [],
): CloudFormationResource {
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [condition === undefined ? trust : { ...trust, Condition: condition }],
      },
      ...(managed.length === 0 ? {} : { ManagedPolicyArns: managed.map((id) => ({ Ref: id })) }),
      Policies: [
        { PolicyName: 'slipstream', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
      ],
    },
  }
}

/**
 * A role that Scheduler may take on for the schedules of this service's group alone. `aws:SourceArn` has to be the
 * group's: with a schedule's the role is refused (EventBridge Scheduler User Guide, cross-service confused deputy
 * prevention).
 */
export function schedulerRole(names: ServiceNames, statements: Statement[]): CloudFormationResource {
  const condition = {
    StringEquals: {
      'aws:SourceAccount': { Ref: 'AWS::AccountId' },
      'aws:SourceArn': scheduleGroupArn(names.scheduleGroup),
    },
  }
  return role({ service: 'scheduler.amazonaws.com', condition }, statements)
}
