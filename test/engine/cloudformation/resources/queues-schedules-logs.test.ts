import { DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetScheduleCommand } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { arn, lambda, outputs, ref, role, SOURCE, type Stacks, startStacks, UPDATED } from './support'

let stacks: Stacks
beforeAll(async () => {
  stacks = await startStacks()
})
afterAll(() => stacks.close())

it('makes, changes and removes queues, schedules, log groups and filters', async () => {
  const template = (seconds: number, expression: string, pattern: string) => ({
    Resources: {
      Role: role,
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: seconds,
          RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 5 },
        },
      },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [ref('Queue')],
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
          },
        },
      },
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'group' } },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'tick',
          GroupName: ref('Group'),
          State: 'DISABLED',
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: arn('Queue'), RoleArn: arn('Role'), Input: '{}' },
        },
      },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/work', RetentionInDays: 14 } },
      Function: lambda({ FunctionName: 'judge', Code: { ZipFile: SOURCE } }),
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: ref('Function'),
          Action: 'lambda:InvokeFunction',
          Principal: 'logs.amazonaws.com',
        },
      },
      Filter: {
        Type: 'AWS::Logs::SubscriptionFilter',
        DependsOn: 'Permission',
        Properties: { LogGroupName: ref('Logs'), FilterPattern: pattern, DestinationArn: arn('Function') },
      },
    },
    ...outputs({
      Group: arn('Group'),
      Schedule: arn('Schedule'),
      Tick: ref('Schedule'),
      Filter: ref('Filter'),
    }),
  })
  const { status, outputs: made } = await stacks.create('work', template(60, 'rate(5 minutes)', 'ERROR'))
  expect({ status, reasons: await stacks.reasons('work') }).toMatchObject({ status: 'CREATE_COMPLETE' })
  expect(made).toMatchObject({
    Group: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/group',
    Schedule: 'arn:aws:scheduler:us-east-1:000000000000:schedule/group/tick',
    Tick: 'tick',
    Filter: expect.stringMatching(/^work-Filter-[A-Z0-9]{12}$/),
  })

  expect(await stacks.update('work', template(90, 'rate(7 minutes)', ''))).toMatchObject(UPDATED)
  const QueueUrl = `${stacks.engine.endpoint}/000000000000/work`
  const { Attributes } = await stacks.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  )
  expect(Attributes).toMatchObject({ VisibilityTimeout: '90' })
  expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toMatchObject({ maxReceiveCount: 5 })
  const tick = () =>
    stacks.clients.scheduler.send(new GetScheduleCommand({ GroupName: 'group', Name: 'tick' }))
  expect((await tick()).ScheduleExpression).toBe('rate(7 minutes)')
  const { subscriptionFilters = [] } = await stacks.clients.logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: '/work' }),
  )
  expect(subscriptionFilters.map((filter) => filter.filterPattern)).toEqual([''])

  expect((await stacks.remove('work')).status).toBe('DELETE_COMPLETE')
  await expect(tick()).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  await expect(
    stacks.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
  ).rejects.toThrow()
})
