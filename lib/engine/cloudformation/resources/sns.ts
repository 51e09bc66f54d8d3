import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns'
import { AlreadyExists, unlessMissing } from './missing'
import { accepted, recorded } from './recorded'
import { strings, tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'

type Endpoint = { Protocol: string; Endpoint: string }

/** Keys, signatures, tracing and logging of deliveries are remembered and have no effect. */
const topic: ResourceType = {
  type: 'AWS::SNS::Topic',
  properties: {
    TopicName: replaces('string'),
    Subscription: mutable({
      list: { fields: { Endpoint: 'string', Protocol: 'string' }, required: ['Endpoint', 'Protocol'] },
    }),
    Tags: mutable(tagList),
    ...accepted(
      ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig', 'FifoThroughputScope'],
      mutable('string'),
    ),
    ...accepted(['ArchivePolicy', 'DataProtectionPolicy', 'DeliveryStatusLogging'], mutable('json')),
  },
  required: [],
  attributes: ['TopicArn', 'TopicName'],
  name: { property: 'TopicName', limit: 256 },

  async create(properties, context) {
    if (await unlessMissing(attributesOf(arnOf(context), context))) throw new AlreadyExists(context.name)
    await context.clients.sns.send(new CreateTopicCommand({ Name: context.name }))
    const made = described(context)
    context.made(made.physicalId)
    await subscribeAll(made.physicalId, properties, context)
    return made
  },
  async update({ physicalId, attributes }, after, context) {
    // What is there already is found and kept (SNS API reference, Subscribe).
    await subscribeAll(physicalId, after, context)
    return attributes
  },
  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.sns.send(new DeleteTopicCommand({ TopicArn: physicalId })))
  },
  async find(_, context) {
    const found = await unlessMissing(attributesOf(arnOf(context), context))
    return found && described(context)
  },
}

const arnOf = ({ name, region, account }: ResourceContext) => `arn:aws:sns:${region}:${account}:${name}`

const described = (context: ResourceContext) => ({
  physicalId: arnOf(context),
  attributes: { TopicArn: arnOf(context), TopicName: context.name },
})

const attributesOf = (TopicArn: string, { clients }: ResourceContext) =>
  clients.sns.send(new GetTopicAttributesCommand({ TopicArn }))

async function subscribeAll(TopicArn: string, properties: Properties, { clients }: ResourceContext) {
  for (const { Protocol, Endpoint } of (properties['Subscription'] ?? []) as Endpoint[])
    await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))
}

/** To a queue it delivers; of other protocols it is known, and that is all. */
const subscription: ResourceType = {
  type: 'AWS::SNS::Subscription',
  properties: {
    TopicArn: replaces('string'),
    Protocol: replaces('string'),
    Endpoint: replaces('string'),
    FilterPolicy: replaces('json'),
    FilterPolicyScope: replaces('string'),
    RawMessageDelivery: replaces('boolean'),
    ...accepted(['DeliveryPolicy', 'RedrivePolicy', 'ReplayPolicy'], replaces('json')),
    ...accepted(['Region', 'SubscriptionRoleArn'], replaces('string')),
  },
  required: ['Protocol', 'TopicArn'],
  attributes: ['Arn'],

  async create(properties, { clients }) {
    const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope, RawMessageDelivery } = properties
    const attributes = { FilterPolicy, FilterPolicyScope, RawMessageDelivery }
    const { SubscriptionArn = '' } = await clients.sns.send(
      new SubscribeCommand({
        TopicArn: String(TopicArn),
        Protocol: String(Protocol),
        Endpoint: Endpoint === undefined ? undefined : String(Endpoint),
        Attributes: Object.fromEntries(
          Object.entries(attributes)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [
              name,
              typeof value === 'object' ? JSON.stringify(value) : String(value),
            ]),
        ),
      }),
    )
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } }
  },
  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: physicalId })))
  },
}

/** Nobody is refused anything here. */
const topicPolicy = recorded({
  type: 'AWS::SNS::TopicPolicy',
  properties: { PolicyDocument: mutable('json'), Topics: mutable(strings) },
  required: ['PolicyDocument', 'Topics'],
  attributes: ['Id'],
  created: (_, { name }) => ({ physicalId: name, attributes: { Id: name } }),
})

export const snsTypes = [topic, subscription, topicPolicy]
