import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { AlreadyExists, unlessMissing } from './missing'
import { strings, tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'

/** CloudFormation's properties that SQS calls by the same name, with SQS's defaults (API reference, CreateQueue). */
const ATTRIBUTES = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: undefined,
  DelaySeconds: '0',
  FifoThroughputLimit: undefined,
  KmsDataKeyReusePeriodSeconds: undefined,
  KmsMasterKeyId: undefined,
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: undefined,
  VisibilityTimeout: '30',
} as const

const queue: ResourceType = {
  type: 'AWS::SQS::Queue',
  properties: {
    QueueName: replaces('string'),
    FifoQueue: replaces('boolean'),
    ContentBasedDeduplication: mutable('boolean'),
    DeduplicationScope: mutable('string'),
    DelaySeconds: mutable('integer'),
    FifoThroughputLimit: mutable('string'),
    KmsDataKeyReusePeriodSeconds: mutable('integer'),
    KmsMasterKeyId: mutable('string'),
    MaximumMessageSize: mutable('integer'),
    MessageRetentionPeriod: mutable('integer'),
    ReceiveMessageWaitTimeSeconds: mutable('integer'),
    RedriveAllowPolicy: mutable('json'),
    RedrivePolicy: mutable('json'),
    SqsManagedSseEnabled: mutable('boolean'),
    Tags: mutable(tagList),
    VisibilityTimeout: mutable('integer'),
  },
  required: [],
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  name: { property: 'QueueName', limit: 80 },

  async create(properties, context) {
    const name = queueName(properties, context)
    if (await urlOf(name, context)) throw new AlreadyExists(name)
    return makeQueue(name, properties, context)
  },
  async update(before, after, { clients }) {
    const attributes = changedAttributes(before.properties, after)
    if (Object.keys(attributes).length > 0) {
      await clients.sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: before.physicalId, Attributes: attributes }),
      )
    }
    return undefined
  },
  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.sqs.send(new DeleteQueueCommand({ QueueUrl: physicalId })))
  },
  async find(properties, context) {
    const name = queueName(properties, context)
    const url = await urlOf(name, context)
    return url === undefined ? undefined : describe(name, url, context)
  },
}

function queueName(properties: Properties, { name }: ResourceContext): string {
  return properties['FifoQueue'] === true && !name.endsWith('.fifo') ? `${name}.fifo` : name
}

async function urlOf(QueueName: string, { clients }: ResourceContext): Promise<string | undefined> {
  return (await unlessMissing(clients.sqs.send(new GetQueueUrlCommand({ QueueName }))))?.QueueUrl
}

async function makeQueue(name: string, properties: Properties, context: ResourceContext) {
  const Attributes = {
    ...changedAttributes({}, properties),
    ...(properties['FifoQueue'] === true ? { FifoQueue: 'true' } : {}),
  }
  const { QueueUrl = '' } = await context.clients.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes }),
  )
  return describe(name, QueueUrl, context)
}

function describe(name: string, url: string, { region, account }: ResourceContext) {
  return {
    physicalId: url,
    attributes: { Arn: `arn:aws:sqs:${region}:${account}:${name}`, QueueName: name, QueueUrl: url },
  }
}

/** What must be set so that a queue with the attributes of `before` has those of `after`. */
function changedAttributes(before: Properties, after: Properties): Record<string, string> {
  const changed: Record<string, string> = {}
  for (const [name, fallback] of Object.entries(ATTRIBUTES)) {
    const [old, next] = [attributeText(before[name]), attributeText(after[name])]
    if (old !== next && (next ?? fallback) !== undefined) changed[name] = next ?? fallback ?? ''
  }
  return changed
}

function attributeText(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const queuePolicy: ResourceType = {
  type: 'AWS::SQS::QueuePolicy',
  properties: { PolicyDocument: mutable('json'), Queues: mutable(strings) },
  required: ['PolicyDocument', 'Queues'],
  attributes: ['Id'],

  async create(properties, context) {
    await setPolicy(properties['Queues'], JSON.stringify(properties['PolicyDocument']), context)
    return { physicalId: context.name, attributes: { Id: context.name } }
  },
  async update(before, after, context) {
    const kept = new Set(after['Queues'] as string[])
    const dropped = ((before.properties['Queues'] ?? []) as string[]).filter((url) => !kept.has(url))
    await setPolicy(dropped, '', context)
    await setPolicy(after['Queues'], JSON.stringify(after['PolicyDocument']), context)
    return undefined
  },
  async delete({ properties }, context) {
    await setPolicy(properties['Queues'], '', context)
  },
}

async function setPolicy(queues: unknown, Policy: string, { clients }: ResourceContext) {
  for (const QueueUrl of queues as string[]) {
    await unlessMissing(clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } })))
  }
}

export const sqsTypes = [queue, queuePolicy]
