import { setImmediate as turn } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Engine, startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'

describe('topics of a stack', () => {
  const data = temporaryFolder()
  let engine: Engine
  let cloudFormation: CloudFormationClient
  let sns: SNSClient
  let sqs: SQSClient
  beforeAll(async () => {
    engine = await startEngine({ port: 0, dataDir: data.path })
    const config = clientConfig(engine.endpoint)
    cloudFormation = new CloudFormationClient(config)
    sns = new SNSClient({ ...config, maxAttempts: 1 })
    sqs = new SQSClient(config)
  })
  afterAll(async () => {
    for (const client of [cloudFormation, sns, sqs]) client.destroy()
    await engine.close()
    data.remove()
  })

  const StackName = 'topics'
  async function settled(name = StackName) {
    for (;;) {
      const { Stacks: [stack] = [] } = await cloudFormation.send(
        new DescribeStacksCommand({ StackName: name }),
      )
      if (stack && !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack
      await turn()
    }
  }
  async function reasons(name: string) {
    const { StackEvents = [] } = await cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: name }),
    )
    return StackEvents.flatMap(({ ResourceStatusReason }) => ResourceStatusReason ?? [])
  }
  const template = (more: object = {}) =>
    JSON.stringify({
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            TopicName: 'team',
            DisplayName: 'Team',
            Subscription: [{ Protocol: 'email', Endpoint: 'ann@example.org' }],
            ...more,
          },
        },
        Heard: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Topic' },
            Protocol: 'sqs',
            Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            RawMessageDelivery: true,
            FilterPolicy: { kind: ['failed'] },
          },
        },
        Policy: {
          Type: 'AWS::SNS::TopicPolicy',
          Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [] } },
        },
      },
      Outputs: {
        Topic: { Value: { Ref: 'Topic' } },
        Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } },
        Queue: { Value: { Ref: 'Queue' } },
      },
    })

  it('are made, deliver to queues what their filters let through, change and go', async () => {
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: template() }))
    const made = await settled()
    expect([made.StackStatus, ...(await reasons(StackName))]).toEqual(['CREATE_COMPLETE', 'User Initiated'])
    const outputs = Object.fromEntries((made.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]))
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:team'
    expect(outputs).toMatchObject({ Topic: TopicArn, Name: 'team' })
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    expect(Subscriptions.map(({ Protocol }) => Protocol).sort()).toEqual(['email', 'sqs'])

    for (const kind of ['recovered', 'failed'])
      await sns.send(
        new PublishCommand({
          TopicArn,
          Message: `it is ${kind}`,
          MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
        }),
      )
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: outputs['Queue'], MaxNumberOfMessages: 10 }),
    )
    expect(Messages.map(({ Body }) => Body)).toEqual(['it is failed'])

    await cloudFormation.send(
      new UpdateStackCommand({ StackName, TemplateBody: template({ DisplayName: 'The team' }) }),
    )
    expect((await settled()).StackStatus).toBe('UPDATE_COMPLETE')

    await cloudFormation.send(new DeleteStackCommand({ StackName }))
    expect((await settled(made.StackId)).StackStatus).toBe('DELETE_COMPLETE')
    await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow(/not exist/)
  })

  it('that are elsewhere take what is published, and nobody hears of it', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:team'
    expect(await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }))).toMatchObject({
      MessageId: expect.any(String),
    })
  })
})
