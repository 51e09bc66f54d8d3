import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  type Distribution,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { AlreadyExists, unlessMissing } from './missing'
import { tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'

const logGroup: ResourceType = {
  type: 'AWS::Logs::LogGroup',
  properties: {
    LogGroupName: replaces('string'),
    RetentionInDays: mutable('integer'),
    KmsKeyId: mutable('string'),
    LogGroupClass: mutable('string'),
    Tags: mutable(tagList),
  },
  required: [],
  attributes: ['Arn'],
  name: { property: 'LogGroupName', limit: 512 },

  async create(properties, context) {
    await context.clients.logs.send(new CreateLogGroupCommand({ logGroupName: context.name }))
    context.made(context.name)
    if (properties['RetentionInDays'] !== undefined) await setRetention(context.name, properties, context)
    return describeGroup(context.name, context)
  },
  async update(before, after, context) {
    if (before.properties['RetentionInDays'] !== after['RetentionInDays']) {
      await setRetention(before.physicalId, after, context)
    }
    return undefined
  },
  async delete({ physicalId }, { clients }) {
    await unlessMissing(clients.logs.send(new DeleteLogGroupCommand({ logGroupName: physicalId })))
  },
  async find(_, context) {
    const { logGroups = [] } = await context.clients.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: context.name }),
    )
    return logGroups.some((group) => group.logGroupName === context.name)
      ? describeGroup(context.name, context)
      : undefined
  },
}

function describeGroup(name: string, { region, account }: ResourceContext) {
  return { physicalId: name, attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` } }
}

async function setRetention(logGroupName: string, properties: Properties, { clients }: ResourceContext) {
  const days = properties['RetentionInDays'] as number | undefined
  if (days === undefined) await clients.logs.send(new DeleteRetentionPolicyCommand({ logGroupName }))
  else await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }))
}

type FilterProperties = {
  LogGroupName: string
  FilterPattern: string
  DestinationArn: string
  RoleArn?: string
  Distribution?: Distribution
}

const subscriptionFilter: ResourceType = {
  type: 'AWS::Logs::SubscriptionFilter',
  properties: {
    FilterName: replaces('string'),
    LogGroupName: replaces('string'),
    FilterPattern: mutable('string'),
    DestinationArn: mutable('string'),
    RoleArn: mutable('string'),
    Distribution: mutable('string'),
  },
  required: ['DestinationArn', 'FilterPattern', 'LogGroupName'],
  attributes: [],
  name: { property: 'FilterName', limit: 512, within: 'LogGroupName' },

  async create(properties, context) {
    const logGroupName = String(properties['LogGroupName'])
    const { subscriptionFilters = [] } = await context.clients.logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName, filterNamePrefix: context.name }),
    )
    if (subscriptionFilters.some((filter) => filter.filterName === context.name)) {
      throw new AlreadyExists(context.name)
    }
    await putFilter(context.name, properties, context)
    return { physicalId: context.name }
  },
  async update({ physicalId }, after, context) {
    await putFilter(physicalId, after, context)
    return undefined
  },
  async delete({ physicalId, properties }, { clients }) {
    const logGroupName = String(properties['LogGroupName'])
    await unlessMissing(
      clients.logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName: physicalId })),
    )
  },
  /** Putting it once more is the same as finding it. */
  async find(properties, context) {
    await putFilter(context.name, properties, context)
    return { physicalId: context.name }
  },
}

async function putFilter(filterName: string, properties: Properties, { clients }: ResourceContext) {
  const filter = properties as FilterProperties
  await clients.logs.send(
    new PutSubscriptionFilterCommand({
      filterName,
      logGroupName: filter.LogGroupName,
      filterPattern: filter.FilterPattern,
      destinationArn: filter.DestinationArn,
      roleArn: filter.RoleArn,
      distribution: filter.Distribution,
    }),
  )
}

export const logsTypes = [logGroup, subscriptionFilter]
