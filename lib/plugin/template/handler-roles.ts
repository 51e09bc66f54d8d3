import { hasAlerts, type ServiceConfig } from '../config/resolve'
import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'
import { functionArn, logGroupArn, queueArn, tableArns } from './arn'
import { invokeRights } from './invoke-rights'
import { allow, role, type Statement } from './roles'

const LAMBDA = { service: 'lambda.amazonaws.com' }

/** The roles of dispatcher and checker: each may do what it does, and nothing to anything else. */
export function handlerRoles(
  config: ServiceConfig,
  functionNames: { dispatcher: string; checker: string },
): Record<string, CloudFormationResource> {
  const { tasks, names } = config
  const groups = [...new Set(tasks.map(({ definition }) => definition.logGroup))].map(logGroupArn)
  const targets = [...new Set(tasks.map(({ definition }) => definition.function))]
  const shared: Statement[] = [
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], tableArns),
    ...network(config),
    allow(['sqs:SendMessage'], [queueArn]),
    // Reading a stream's evidence, and taking it as a fence: CreateLogStream, with a line that says why.
    allow(['logs:CreateLogStream', 'logs:GetLogEvents', 'logs:PutLogEvents'], groups),
    ...(hasAlerts(config) ? [allow(['lambda:InvokeFunction'], [functionArn(names.alerter)])] : []),
  ]
  const invoke = invokeRights(targets)
  return {
    ...invoke.managed,
    [ids.dispatcherRole]: role(
      LAMBDA,
      [
        ownLog(functionNames.dispatcher),
        ...shared,
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queueArn]),
        ...invoke.inline,
      ],
      Object.keys(invoke.managed),
    ),
    [ids.checkerRole]: role(LAMBDA, [ownLog(functionNames.checker), ...shared]),
  }
}

/**
 * What Lambda does in the name of a function's role to put it into a VPC. EC2 judges some of it on every resource, and
 * AWS's own policy for it (AWSLambdaVPCAccessExecutionRole) says `*` for all (Developer Guide, configuration-vpc).
 */
export function network({ settings }: ServiceConfig): Statement[] {
  if (settings.vpc === undefined) return []
  return [
    allow(
      [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['*'],
    ),
  ]
}

export const ownLog = (functionName: string) =>
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn(`/aws/lambda/${functionName}`)])
