import { filterTerm } from '../../../core/filter-term'
import { VERDICT_RECORDS } from '../../../core/log-record'
import { SOURCE } from './functions'
import { LAST_HOP, namesIn } from './names'

type Resource = { Type: string; DependsOn?: string[]; Properties: Record<string, unknown> }

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const arn = (service: string, resource: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
})
const allow = (Action: string[], Resource: unknown[]) => ({ Effect: 'Allow', Action, Resource })

/** Long enough that none ends by it but the one that is to. */
const LONG = 300
const SHORT = 3
/** The least that Lambda takes (API reference, PutFunctionEventInvokeConfig), so that the probe is over soon. */
const EVENT_AGE = 60

/** Everything that the probe makes, so that one stack's removal removes it. */
export function probeTemplate(name: string): { Description: string; Resources: Record<string, Resource> } {
  const names = namesIn(name)
  const environment = {
    RESULTS: { Ref: 'Results' },
    HOPS: { Ref: 'Hops' },
    LAST_HOP: String(LAST_HOP),
    FOREIGN: names.fn('foreign'),
    LOG_GROUP: names.logGroup,
  }
  const fn = (id: string, handler: string, more: Record<string, unknown> = {}): Record<string, Resource> => {
    const FunctionName = names.fn(id.toLowerCase())
    return {
      [`${id}Log`]: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: `/aws/lambda/${FunctionName}`, RetentionInDays: 1 },
      },
      [id]: {
        Type: 'AWS::Lambda::Function',
        // Also so that the function is gone before its log group is.
        DependsOn: [`${id}Log`],
        Properties: {
          FunctionName,
          Handler: `index.${handler}`,
          Runtime: 'nodejs22.x',
          Architectures: ['arm64'],
          MemorySize: 256,
          Timeout: LONG,
          Role: arnOf('Role'),
          Code: { ZipFile: SOURCE },
          Environment: { Variables: environment },
          ...more,
        },
      },
    }
  }
  const reports = (of: string, Qualifier: string, dependsOn: string[] = []): Resource => ({
    Type: 'AWS::Lambda::EventInvokeConfig',
    ...(dependsOn.length === 0 ? {} : { DependsOn: dependsOn }),
    Properties: {
      FunctionName: { Ref: of },
      Qualifier,
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: EVENT_AGE,
      DestinationConfig: { OnFailure: { Destination: arnOf('Sink') } },
    },
  })
  const schedule = (Name: string, rest: Record<string, unknown>): Resource => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name,
      GroupName: { Ref: 'Group' },
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: arnOf('Results'),
        RoleArn: arnOf('SchedulerRole'),
        Input: JSON.stringify({ kind: 'tick', schedule: Name, at: '<aws.scheduler.scheduled-time>' }),
      },
      ...rest,
    },
  })
  return {
    Description: 'A probe of Slipstream (tasks check --live); it may be deleted at any time',
    Resources: {
      Results: { Type: 'AWS::SQS::Queue', Properties: { QueueName: names.results } },
      Hops: { Type: 'AWS::SQS::Queue', Properties: { QueueName: names.hops, VisibilityTimeout: 6 * LONG } },
      Role: role('lambda.amazonaws.com', [
        allow(
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          [arn('logs', `log-group:/aws/lambda/${name}-*:*`)],
        ),
        allow(
          ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:GetLogEvents', 'logs:DescribeLogStreams'],
          [arn('logs', `log-group:${names.logGroup}:*`)],
        ),
        allow(['sqs:SendMessage'], [arnOf('Results'), arnOf('Hops')]),
        allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [arnOf('Hops')]),
        allow(['lambda:InvokeFunction'], [arn('lambda', `function:${name}-*`)]),
      ]),
      SchedulerRole: role(
        'scheduler.amazonaws.com',
        [allow(['sqs:SendMessage'], [arnOf('Results')])],
        // As the role of a service's schedules has it.
        {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': arn('scheduler', `schedule-group/${name}`),
          },
        },
      ),
      ...fn('Sink', 'sink'),
      ...fn('Target', 'target', { MemorySize: 128 }),
      ...fn('Slow', 'target', { Timeout: SHORT }),
      ...fn('Never', 'target', { ReservedConcurrentExecutions: 0 }),
      ...fn('Busy', 'target'),
      ...fn('Loop', 'loop', { RecursiveLoop: 'Allow' }),
      ...fn('Foreign', 'foreign'),
      ...fn('Streams', 'streams'),
      TargetVersion: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Target' } } },
      TargetAlias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Target' },
          FunctionVersion: { 'Fn::GetAtt': ['TargetVersion', 'Version'] },
          Name: names.alias,
        },
      },
      TargetReports: reports('Target', '$LATEST'),
      AliasReports: reports('Target', names.alias, ['TargetAlias']),
      SlowReports: reports('Slow', '$LATEST'),
      NeverReports: reports('Never', '$LATEST'),
      BusyReports: reports('Busy', '$LATEST'),
      HopsToLoop: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: arnOf('Hops'), FunctionName: arnOf('Loop'), BatchSize: 1 },
      },
      LogGroup: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: names.logGroup, RetentionInDays: 1 },
      },
      MayBeInvoked: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: arnOf('Sink'),
          Principal: 'logs.amazonaws.com',
          SourceAccount: { Ref: 'AWS::AccountId' },
          SourceArn: arn('logs', `log-group:${names.logGroup}:*`),
        },
      },
      Subscription: {
        Type: 'AWS::Logs::SubscriptionFilter',
        DependsOn: ['MayBeInvoked', 'LogGroup'],
        Properties: {
          LogGroupName: names.logGroup,
          FilterPattern: VERDICT_RECORDS.map((term) => `?${filterTerm(term)}`).join(' '),
          DestinationArn: arnOf('Sink'),
        },
      },
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: name } },
      Zoned: schedule('zoned', {
        ScheduleExpression: 'cron(* * * * ? *)',
        ScheduleExpressionTimezone: 'Australia/Sydney',
      }),
      Rated: schedule('rated', { ScheduleExpression: 'rate(1 minute)' }),
    },
  }
}

function role(service: string, Statement: object[], condition?: object): Resource {
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [condition === undefined ? trust : { ...trust, Condition: condition }],
      },
      Policies: [{ PolicyName: 'probe', PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  }
}
