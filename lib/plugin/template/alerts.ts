import { WATCH_PERIOD } from '../../core/alerts/watch'
import { WATCH_SCHEDULE } from '../../core/names'
import { SECOND } from '../../core/timing'
import { hasAlerts, type ServiceConfig } from '../config/resolve'
import { functionKeys, ids } from '../naming'
import type { AwsProvider, CloudFormation, CloudFormationResource } from '../serverless'
import { defaultEventBusArn, functionArn, logGroupArn, schedulesArn } from './arn'
import { network, ownLog } from './handler-roles'
import { deadLetterQueue } from './queues'
import { allow, role, type Statement, schedulerRole } from './roles'
import { watchInput } from './watch-input'

const MINUTE = 60 * SECOND
const table = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const deadLettersArn = { 'Fn::GetAtt': [ids.alertsDeadLetterQueue, 'Arn'] }

/** What the alerter needs, and the watcher where one of its kinds is asked for. Nothing where nobody asks for alerts. */
export function alerts(
  config: ServiceConfig,
  alerterName: string,
  naming: AwsProvider['naming'],
): Record<string, CloudFormationResource> {
  if (!hasAlerts(config)) return {}
  const { names } = config
  const alerter = naming.getLambdaLogicalId(functionKeys.alerter)
  return {
    [ids.alerterRole]: role({ service: 'lambda.amazonaws.com' }, statements(config, alerterName)),
    [ids.alertsDeadLetterQueue]: deadLetterQueue(names.alertsDeadLetterQueue),
    [ids.alerterInvokeConfig]: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: alerter },
        Qualifier: '$LATEST',
        // After one minute and two more (AWS Lambda Developer Guide, invocation-async-error-handling).
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: deadLettersArn } },
      },
    },
    ...watcher(config, alerter, alerterName),
  }
}

function statements(config: ServiceConfig, alerterName: string): Statement[] {
  const { names, tasks, channels } = config
  const alerting = tasks.filter(({ definition }) => definition.alerts)
  const groups = [...new Set(alerting.map(({ definition }) => definition.logGroup))].map(logGroupArn)
  const topics = [...channels]
    .filter(([name]) => name.startsWith('topic:'))
    .map(([, arn]): CloudFormation => arn)
  return [
    ownLog(alerterName),
    ...network(config),
    allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [table(ids.locksTable)]),
    allow(['dynamodb:GetItem', 'dynamodb:Query'], [table(ids.runsTable)]),
    allow(['logs:GetLogEvents'], groups),
    allow(['scheduler:GetSchedule'], [schedulesArn(names.scheduleGroup)]),
    allow(['sqs:SendMessage'], [deadLettersArn]),
    ...(topics.length === 0 ? [] : [allow(['sns:Publish'], topics)]),
    ...(alerting.some(({ definition }) => definition.alerts?.events)
      ? [allow(['events:PutEvents'], [defaultEventBusArn])]
      : []),
  ]
}

function watcher(
  { names, tasks }: ServiceConfig,
  alerter: string,
  alerterName: string,
): Record<string, CloudFormationResource> {
  const input = watchInput(tasks)
  if (input === undefined) return {}
  return {
    [ids.watchRole]: schedulerRole(names, [
      allow(['lambda:InvokeFunction'], [functionArn(alerterName)]),
      allow(['sqs:SendMessage'], [deadLettersArn]),
    ]),
    [ids.watchSchedule]: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: WATCH_SCHEDULE,
        GroupName: { Ref: ids.scheduleGroup },
        Description: 'Slipstream: looks for ticks that were missed, runs that are late or stuck',
        State: 'ENABLED',
        ScheduleExpression: `cron(0/${WATCH_PERIOD / MINUTE} * * * ? *)`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: { 'Fn::GetAtt': [alerter, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': [ids.watchRole, 'Arn'] },
          Input: input,
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: deadLettersArn },
        },
      },
    },
  }
}
