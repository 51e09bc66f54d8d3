import { WatchMessage } from '../../../lib/core/alerts/watch'
import { resolveConfig } from '../../../lib/plugin/config/resolve'
import { alarms } from '../../../lib/plugin/template/alarms'
import { facts, SCHEDULE } from '../support/facts'
import { packaged } from '../support/package-fixture'

type Policies = { PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }[]

describe('the template of a service that asks for alerts', () => {
  const { service } = packaged('commonjs', {
    append: `
  quiet: { function: other, schedule: every 5 minutes, alerts: false }
  off: { function: other, schedule: every 5 minutes, enabled: false }
  ends: { function: other, schedule: every 5 minutes, alerts: { on: [failed], topic: false, events: true } }
slipstream:
  alerts:
    topic: { Ref: Team }
    webhook: "{{resolve:ssm:/team/hook}}"
resources:
  Resources:
    Team: { Type: AWS::SNS::Topic }
`,
  })
  const of = (id: string) => service.resources()[id]?.Properties ?? {}
  const rights = (role: string) =>
    (of(role)['Policies'] as Policies)
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => `${action} ${short(resource)}`)),
      )
      .sort()
  const short = (resource: unknown) =>
    JSON.stringify(resource)
      .replace(/^\{"Fn::Sub":"arn:.*AccountId\}:(.*)"\}$/, '$1')
      .replace(/^\{"Fn::GetAtt":\["(\w+)","Arn"\]\}$/, '$1')

  test('has an alerter that knows the addresses, and nobody else does', () => {
    const { Variables } = of('SlipstreamAlerterLambdaFunction')['Environment'] as { Variables: object }
    expect(of('SlipstreamAlerterLambdaFunction')).toMatchObject({
      FunctionName: 'commonjs-dev-slipstreamAlerter',
      Handler: 'alerter.handler',
      Timeout: 30,
      RecursiveLoop: 'Allow',
      Role: { 'Fn::GetAtt': ['SlipstreamAlerterRole', 'Arn'] },
    })
    expect(Object.entries(Variables).filter(([name]) => name.startsWith('SLIPSTREAM_CHANNEL_'))).toEqual([
      [expect.stringMatching(/^SLIPSTREAM_CHANNEL_topic_[0-9a-f]{8}$/), { Ref: 'Team' }],
      [expect.stringMatching(/^SLIPSTREAM_CHANNEL_webhook_[0-9a-f]{8}$/), '{{resolve:ssm:/team/hook}}'],
    ])
    const others = Object.entries(service.resources()).filter(
      ([id]) => id !== 'SlipstreamAlerterLambdaFunction',
    )
    expect(JSON.stringify(others)).not.toContain('resolve:ssm')
    for (const id of ['SlipstreamDispatcherLambdaFunction', 'SlipstreamCheckerLambdaFunction'])
      expect(of(id)).toMatchObject({
        Environment: { Variables: { SLIPSTREAM_ALERTER: 'commonjs-dev-slipstreamAlerter' } },
      })
  })

  test('lets the alerter do what it does and no more', () => {
    expect(rights('SlipstreamAlerterRole')).toEqual(
      [
        'dynamodb:GetItem SlipstreamLocksTable',
        'dynamodb:GetItem SlipstreamRunsTable',
        'dynamodb:Query SlipstreamRunsTable',
        'dynamodb:UpdateItem SlipstreamLocksTable',
        'events:PutEvents event-bus/default',
        'logs:CreateLogStream log-group:/aws/lambda/commonjs-dev-slipstreamAlerter:*',
        'logs:GetLogEvents log-group:/slipstream/commonjs-dev:*',
        'logs:PutLogEvents log-group:/aws/lambda/commonjs-dev-slipstreamAlerter:*',
        'scheduler:GetSchedule schedule/commonjs-dev/*',
        'sns:Publish {"Ref":"Team"}',
        'sqs:SendMessage SlipstreamAlertsDeadLetterQueue',
      ].sort(),
    )
    for (const role of ['SlipstreamDispatcherRole', 'SlipstreamCheckerRole'])
      expect(rights(role)).toContain('lambda:InvokeFunction function:commonjs-dev-slipstreamAlerter')
    expect(rights('IamRoleLambdaExecution').join()).not.toContain('slipstreamAlerter')
  })

  test('keeps what the alerter fails on', () => {
    expect(of('SlipstreamAlerterInvokeConfig')).toEqual({
      FunctionName: { Ref: 'SlipstreamAlerterLambdaFunction' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': ['SlipstreamAlertsDeadLetterQueue', 'Arn'] } },
      },
    })
    expect(of('SlipstreamAlertsDeadLetterQueue')).toMatchObject({
      QueueName: 'commonjs-dev-alerts-dlq',
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    })
  })

  test('has a watcher that is told of the tasks that ask for it and fall due', () => {
    const schedule = of('SlipstreamWatchSchedule')
    expect(schedule).toMatchObject({
      Name: 'slipstream.watch',
      ScheduleExpression: 'cron(0/5 * * * ? *)',
      Target: {
        Arn: { 'Fn::GetAtt': ['SlipstreamAlerterLambdaFunction', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SlipstreamWatchRole', 'Arn'] },
      },
    })
    const { Input } = schedule['Target'] as { Input: string }
    const message = WatchMessage.parse(
      JSON.parse(Input.replace('<aws.scheduler.scheduled-time>', '2026-03-02T10:00:00Z')),
    )
    expect(message).toMatchObject({
      watch: '2026-03-02T10:00:00Z',
      tasks: [{ task: 'load', schedule: 'rate(1 hour)', timezone: 'UTC', policy: { after: 1 } }],
    })
    expect(message.tasks).toHaveLength(1)
    expect(rights('SlipstreamWatchRole')).toEqual([
      'lambda:InvokeFunction function:commonjs-dev-slipstreamAlerter',
      'sqs:SendMessage SlipstreamAlertsDeadLetterQueue',
    ])
  })
})

describe('of a service where nobody asks', () => {
  const { service } = packaged('commonjs')

  test('there is nothing of it', () => {
    const ids = Object.keys(service.resources()).filter((id) => /Alert|Watch/.test(id))
    expect(ids).toEqual([])
    expect(JSON.stringify(service.resources())).not.toMatch(/alerter/i)
  })
})

describe('of a service that wants to hear of failures alone', () => {
  const { service } = packaged('commonjs', {
    append: '\nslipstream: { alerts: { on: [failed, recovered], events: true } }\n',
  })

  test('there is no watcher', () => {
    expect(service.resources()).toHaveProperty('SlipstreamAlerterRole')
    expect(Object.keys(service.resources()).filter((id) => id.includes('Watch'))).toEqual([])
  })
})

test('alerts that cannot be sent, and an alerter that fails, raise alarms', () => {
  const config = resolveConfig(
    facts({ load: { function: 'load', schedule: SCHEDULE } }, { slipstream: { alerts: { events: true } } }),
  )
  const names = Object.values(alarms(config)).map(({ Properties }) => Properties['AlarmName'])
  expect(names).toEqual(expect.arrayContaining(['shop-dev-alerts-dlq', 'shop-dev-slipstreamAlerter-errors']))
})
