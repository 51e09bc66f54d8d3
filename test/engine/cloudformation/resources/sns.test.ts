import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
} from '@aws-sdk/client-sns'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { arn, outputs, ref, type Stacks, startStacks, UPDATED } from './support'

let stacks: Stacks
beforeAll(async () => {
  stacks = await startStacks()
})
afterAll(() => stacks.close())

describe('topics of a stack', () => {
  const template = (more: object = {}) => ({
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
          TopicArn: ref('Topic'),
          Protocol: 'sqs',
          Endpoint: arn('Queue'),
          RawMessageDelivery: true,
          FilterPolicy: { kind: ['failed'] },
        },
      },
      Policy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [ref('Topic')], PolicyDocument: { Statement: [] } },
      },
    },
    ...outputs({ Topic: ref('Topic'), Name: arn('Topic', 'TopicName'), Queue: ref('Queue') }),
  })

  it('are made, deliver to queues what their filters let through, change and go', async () => {
    const { sns, sqs } = stacks.clients
    const made = await stacks.create('topics', template())
    expect(made.status).toBe('CREATE_COMPLETE')
    expect(await stacks.reasons('topics')).toEqual(['User Initiated'])
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:team'
    expect(made.outputs).toMatchObject({ Topic: TopicArn, Name: 'team' })
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
      new ReceiveMessageCommand({ QueueUrl: made.outputs['Queue'], MaxNumberOfMessages: 10 }),
    )
    expect(Messages.map(({ Body }) => Body)).toEqual(['it is failed'])

    expect(await stacks.update('topics', template({ DisplayName: 'The team' }))).toMatchObject(UPDATED)

    expect((await stacks.remove('topics')).status).toBe('DELETE_COMPLETE')
    await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow(/not exist/)
  })

  it('that are elsewhere take what is published, and nobody hears of it', async () => {
    const { sns } = stacks.clients
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:team'
    expect(await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }))).toMatchObject({
      MessageId: expect.any(String),
    })
  })
})
