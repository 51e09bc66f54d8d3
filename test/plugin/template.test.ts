import type { CloudFormationResource } from '../../lib/plugin/serverless'
import { packaged } from './support/package-fixture'

type Resources = Record<string, CloudFormationResource>
type Policy = { PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }

const ofType = (resources: Resources, type: string) =>
  Object.fromEntries(Object.entries(resources).filter(([, resource]) => resource.Type === type))

const properties = (resources: Resources, id: string) => resources[id]?.Properties ?? {}

/** What a role may do, `action resource` a line, with what `Fn::Sub` puts before names left out. */
function rights(resources: Resources, role: string): string[] {
  const policies = properties(resources, role)['Policies'] as Policy[]
  return policies
    .flatMap(({ PolicyDocument: { Statement } }) => Statement)
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} ${short(resource)}`)),
    )
    .sort()
}

function short(resource: unknown): string {
  if (typeof resource === 'string') return resource
  const { 'Fn::Sub': sub, 'Fn::GetAtt': attribute } = resource as {
    'Fn::Sub'?: string
    'Fn::GetAtt'?: string[]
  }
  return sub?.replace(/^arn:.*AccountId}:/, '') ?? attribute?.[0] ?? JSON.stringify(resource)
}

describe('the template of a service with one task', () => {
  const { service } = packaged('commonjs')

  test('has the tables, the queues and the group under their names', () => {
    const resources = service.resources()
    expect(properties(resources, 'SlipstreamRunsTable')).toMatchObject({
      TableName: 'commonjs-dev-runs',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'task', KeyType: 'HASH' },
        { AttributeName: 'run', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    })
    expect(properties(resources, 'SlipstreamLocksTable')).toMatchObject({
      TableName: 'commonjs-dev-locks',
      KeySchema: [{ AttributeName: 'task', KeyType: 'HASH' }],
    })
    expect(properties(resources, 'SlipstreamQueue')).toMatchObject({
      QueueName: 'commonjs-dev-tasks',
      VisibilityTimeout: 60,
      RedrivePolicy: {
        maxReceiveCount: 10,
        deadLetterTargetArn: { 'Fn::GetAtt': ['SlipstreamDeadLetterQueue', 'Arn'] },
      },
    })
    expect(properties(resources, 'SlipstreamDeadLetterQueue')).toMatchObject({
      QueueName: 'commonjs-dev-tasks-dlq',
      MessageRetentionPeriod: 1_209_600,
    })
    expect(properties(resources, 'SlipstreamScheduleGroup')).toEqual({ Name: 'commonjs-dev' })
    expect(properties(resources, 'SlipstreamLogGroup')).toEqual({
      LogGroupName: '/slipstream/commonjs-dev',
      RetentionInDays: 30,
    })
  })

  test('has a schedule whose input is the message of a tick', () => {
    const schedule = properties(service.resources(), 'SlipstreamScheduleLoad')
    expect(schedule).toMatchObject({
      Name: 'load',
      State: 'ENABLED',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { 'Fn::GetAtt': ['SlipstreamQueue', 'Arn'] } },
    })
    const { Input } = schedule['Target'] as { Input: string }
    expect(JSON.parse(Input)).toMatchObject({
      kind: 'tick',
      task: 'load',
      scheduledAt: '<aws.scheduler.scheduled-time>',
      definition: { function: 'commonjs-dev-load', functionTimeout: 60 },
    })
  })

  test('lets Scheduler write to the queues, for this group of this account alone', () => {
    const resources = service.resources()
    expect(rights(resources, 'SlipstreamSchedulerRole')).toEqual([
      'sqs:SendMessage SlipstreamDeadLetterQueue',
      'sqs:SendMessage SlipstreamQueue',
    ])
    expect(
      JSON.stringify(properties(resources, 'SlipstreamSchedulerRole')['AssumeRolePolicyDocument']),
    ).toContain('schedule-group/commonjs-dev')
  })

  test('lets dispatcher and checker do what each does and no more', () => {
    const resources = service.resources()
    const shared = [
      'dynamodb:GetItem SlipstreamLocksTable',
      'dynamodb:GetItem SlipstreamRunsTable',
      'dynamodb:PutItem SlipstreamLocksTable',
      'dynamodb:PutItem SlipstreamRunsTable',
      'dynamodb:UpdateItem SlipstreamLocksTable',
      'dynamodb:UpdateItem SlipstreamRunsTable',
      'logs:CreateLogStream log-group:/slipstream/commonjs-dev:*',
      'logs:GetLogEvents log-group:/slipstream/commonjs-dev:*',
      'logs:PutLogEvents log-group:/slipstream/commonjs-dev:*',
      'sqs:SendMessage SlipstreamQueue',
    ]
    expect(rights(resources, 'SlipstreamCheckerRole')).toEqual(
      [
        ...shared,
        'logs:CreateLogStream log-group:/aws/lambda/commonjs-dev-slipstreamChecker:*',
        'logs:PutLogEvents log-group:/aws/lambda/commonjs-dev-slipstreamChecker:*',
      ].sort(),
    )
    expect(rights(resources, 'SlipstreamDispatcherRole')).toEqual(
      [
        ...shared,
        'logs:CreateLogStream log-group:/aws/lambda/commonjs-dev-slipstreamDispatcher:*',
        'logs:PutLogEvents log-group:/aws/lambda/commonjs-dev-slipstreamDispatcher:*',
        'lambda:InvokeFunction function:commonjs-dev-load',
        'lambda:InvokeFunction function:commonjs-dev-load:*',
        'sqs:DeleteMessage SlipstreamQueue',
        'sqs:GetQueueAttributes SlipstreamQueue',
        'sqs:ReceiveMessage SlipstreamQueue',
      ].sort(),
    )
  })

  test("adds to the framework's role what a target needs, and no way to the queue", () => {
    const all = rights(service.resources(), 'IamRoleLambdaExecution')
    expect(all).toEqual(
      expect.arrayContaining([
        'lambda:InvokeFunction function:commonjs-dev-slipstreamChecker',
        'logs:CreateLogStream log-group:/slipstream/commonjs-dev:*',
        'logs:DescribeLogStreams log-group:/slipstream/commonjs-dev:*',
        'logs:PutLogEvents log-group:/slipstream/commonjs-dev:*',
      ]),
    )
    expect(all.join()).not.toMatch(/sqs:|dynamodb:|DeleteLogStream/)
  })

  test('feeds the queue to the dispatcher at once, message by message answerable', () => {
    expect(properties(service.resources(), 'SlipstreamDispatcherQueueMapping')).toEqual({
      EventSourceArn: { 'Fn::GetAtt': ['SlipstreamQueue', 'Arn'] },
      FunctionName: { 'Fn::GetAtt': ['SlipstreamDispatcherLambdaFunction', 'Arn'] },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    })
  })

  test('passes of the log only the records that can change a verdict', () => {
    const filter = service.resources()['SlipstreamSubscription']
    expect(filter?.Properties['FilterPattern']).toBe(
      String.raw`?"{\"slipstream\":\"error\"" ?"{\"slipstream\":\"end\""`,
    )
    expect(filter?.DependsOn).toEqual(['SlipstreamSubscriptionPermission', 'SlipstreamLogGroup'])
  })

  test('leaves no retry to Lambda, and its report to the checker', () => {
    expect(properties(service.resources(), 'SlipstreamInvokeConfigLoad')).toEqual({
      FunctionName: { Ref: 'LoadLambdaFunction' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 110,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': ['SlipstreamCheckerLambdaFunction', 'Arn'] } },
      },
    })
    expect(properties(service.resources(), 'LoadLambdaFunction')['RecursiveLoop']).toBe('Allow')
  })
})

describe('the template of a service with targets of every kind', () => {
  const { service, output } = packaged('mixed')

  test('keeps what the service gives its functions from ours, but for its tags', () => {
    for (const id of ['SlipstreamDispatcherLambdaFunction', 'SlipstreamCheckerLambdaFunction']) {
      const ours = properties(service.resources(), id)
      expect(ours).toMatchObject({
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        RecursiveLoop: 'Allow',
        Tags: [{ Key: 'team', Value: 'data' }],
        Environment: {
          Variables: {
            SLIPSTREAM_PREFIX: 'mixed-prod',
            SLIPSTREAM_QUEUE_URL: { Ref: 'SlipstreamQueue' },
            POWERTOOLS_SERVICE_NAME: 'mixed-prod',
          },
        },
      })
      for (const name of ['VpcConfig', 'Layers', 'KmsKeyArn', 'TracingConfig'])
        expect(ours).not.toHaveProperty(name)
      expect(properties(service.resources(), 'PingLambdaFunction')).toHaveProperty('VpcConfig')
    }
  })

  test('subscribes to a log group of a task, by the terms of an operator', () => {
    const [id, filter] = Object.entries(ofType(service.resources(), 'AWS::Logs::SubscriptionFilter')).find(
      ([, { Properties }]) => Properties['LogGroupName'] === '/team/reports',
    ) ?? ['']
    expect(id).toMatch(/^SlipstreamSubscriptionTeamReports[0-9a-f]{8}$/)
    expect(filter?.Properties['FilterPattern']).toBe(String.raw`?"End Request" ?"ERROR" ?"Broken \"pipe\""`)
    expect(filter?.DependsOn).toContain('TeamLogs')
  })

  test('keeps the logs as long as the longest-kept record', () => {
    expect(properties(service.resources(), 'SlipstreamLogGroup')['RetentionInDays']).toBe(120)
  })

  test('settles an alias once it is there, and lets Lambda report the success of a plain target', () => {
    const resources = service.resources()
    const checker = { Destination: { 'Fn::GetAtt': ['SlipstreamCheckerLambdaFunction', 'Arn'] } }
    expect(resources['SlipstreamInvokeConfigReportLive']).toMatchObject({
      DependsOn: ['ReportAlias'],
      Properties: { Qualifier: 'live', DestinationConfig: { OnFailure: checker } },
    })
    expect(properties(resources, 'SlipstreamInvokeConfigPing')['DestinationConfig']).toEqual({
      OnFailure: checker,
      OnSuccess: checker,
    })
  })

  test('touches nothing of a function that is deployed elsewhere but the right to invoke it', () => {
    const resources = service.resources()
    expect(Object.keys(ofType(resources, 'AWS::Lambda::EventInvokeConfig'))).toHaveLength(3)
    const arn = 'arn:aws:lambda:eu-central-1:222222222222:function:elsewhere'
    expect(rights(resources, 'SlipstreamDispatcherRole')).toEqual(
      expect.arrayContaining([`lambda:InvokeFunction ${arn}`, `lambda:InvokeFunction ${arn}:*`]),
    )
  })

  test('carries what a task says of itself', () => {
    const report = service.resources()['SlipstreamScheduleReport']
    expect(report?.Properties).toMatchObject({
      Description: "The day's report",
      ScheduleExpression: 'cron(0 18 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    })
    const { Input = '{}' } = (report?.Properties['Target'] ?? {}) as { Input?: string }
    expect(JSON.parse(Input)).toMatchObject({ tags: ['team-a'], owner: 'data@example.com' })
    expect(properties(service.resources(), 'SlipstreamSchedulePing')['State']).toBe('DISABLED')
  })

  test("gives the framework's role what an operator needs, on its group", () => {
    expect(rights(service.resources(), 'IamRoleLambdaExecution')).toEqual(
      expect.arrayContaining([
        'logs:DeleteLogStream log-group:/team/reports:*',
        'logs:DescribeLogGroups log-group:*',
        'logs:PutLogEvents log-group:/team/reports:*',
      ]),
    )
  })

  test("prints the statements that a role of the user's own lacks", () => {
    expect(output()).toContain(
      'Slipstream cannot add to the role arn:aws:iam::111111111111:role/owned of owned',
    )
    expect(output()).toContain('"logs:CreateLogStream"')
    expect(output()).toContain('function:mixed-prod-slipstreamChecker')
  })
})
