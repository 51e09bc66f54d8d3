import { isDeepStrictEqual } from 'node:util'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { unlessMissing } from './missing'
import { accepted } from './recorded'
import { tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'
import { until, untilGone } from './wait'

const keySchema = {
  list: { fields: { AttributeName: 'string', KeyType: 'string' }, required: ['AttributeName', 'KeyType'] },
} as const
const throughput = {
  fields: { ReadCapacityUnits: 'integer', WriteCapacityUnits: 'integer' },
  required: ['ReadCapacityUnits', 'WriteCapacityUnits'],
} as const
const index = {
  list: {
    fields: {
      IndexName: 'string',
      KeySchema: keySchema,
      Projection: { fields: { NonKeyAttributes: { list: 'string' }, ProjectionType: 'string' } },
      ProvisionedThroughput: throughput,
    },
    required: ['IndexName', 'KeySchema', 'Projection'],
  },
} as const

/**
 * Backups, encryption, class and tags are remembered and have no effect: the engine's DynamoDB (dynalite) has none of
 * them. A deletion protection is kept up here, by CloudFormation alone.
 */
const table: ResourceType = {
  type: 'AWS::DynamoDB::Table',
  properties: {
    AttributeDefinitions: mutable({
      list: {
        fields: { AttributeName: 'string', AttributeType: 'string' },
        required: ['AttributeName', 'AttributeType'],
      },
    }),
    BillingMode: mutable('string'),
    DeletionProtectionEnabled: mutable('boolean'),
    GlobalSecondaryIndexes: mutable(index),
    KeySchema: replaces(keySchema),
    LocalSecondaryIndexes: replaces(index),
    ProvisionedThroughput: mutable(throughput),
    TableClass: mutable('string'),
    TableName: replaces('string'),
    Tags: mutable(tagList),
    TimeToLiveSpecification: mutable({
      fields: { AttributeName: 'string', Enabled: 'boolean' },
      required: ['Enabled'],
    }),
    ...accepted(
      ['ContributorInsightsSpecification', 'PointInTimeRecoverySpecification', 'SSESpecification'],
      mutable('json'),
    ),
  },
  required: ['KeySchema'],
  attributes: ['Arn'],
  name: { property: 'TableName', limit: 255 },

  async create(properties, context) {
    await context.clients.dynamodb.send(
      new CreateTableCommand({
        TableName: context.name,
        ...pick(properties, [
          'AttributeDefinitions',
          'BillingMode',
          'GlobalSecondaryIndexes',
          'KeySchema',
          'LocalSecondaryIndexes',
          'ProvisionedThroughput',
        ]),
      } as CreateTableCommandInput),
    )
    context.made(context.name)
    const made = await active(context.name, context)
    await setTimeToLive(context.name, {}, properties, context)
    return made
  },

  refuses(before, after) {
    if (isDeepStrictEqual(before['GlobalSecondaryIndexes'], after['GlobalSecondaryIndexes'])) return undefined
    return 'The local engine (dynalite) cannot change the indexes of a table. Take the table out of the template, deploy, and put it back: what it holds is lost.'
  },

  async update({ physicalId, properties: before }, after, context) {
    const capacity = ['BillingMode', 'ProvisionedThroughput']
    if (capacity.some((name) => !isDeepStrictEqual(before[name], after[name]))) {
      await change(physicalId, pick(after, capacity), context)
    }
    await setTimeToLive(physicalId, before, after, context)
    return undefined
  },

  async delete({ physicalId, properties }, context) {
    if (properties['DeletionProtectionEnabled'] === true) {
      throw new Error(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    }
    const { dynamodb } = context.clients
    await unlessMissing(dynamodb.send(new DeleteTableCommand({ TableName: physicalId })))
    const find = () => unlessMissing(dynamodb.send(new DescribeTableCommand({ TableName: physicalId })))
    await untilGone(context, physicalId, find)
  },

  find: (_, context) => unlessMissing(active(context.name, context)),
}

async function active(TableName: string, context: ResourceContext) {
  const { Table } = await until(
    context,
    `${TableName} becoming active`,
    () => context.clients.dynamodb.send(new DescribeTableCommand({ TableName })),
    ({ Table }) =>
      Table?.TableStatus === 'ACTIVE' &&
      (Table.GlobalSecondaryIndexes ?? []).every((index) => index.IndexStatus === 'ACTIVE'),
  )
  return { physicalId: TableName, attributes: { Arn: Table?.TableArn ?? '' } }
}

async function change(TableName: string, changes: Properties, context: ResourceContext) {
  await context.clients.dynamodb.send(
    new UpdateTableCommand({ TableName, ...changes } as UpdateTableCommandInput),
  )
  await active(TableName, context)
}

type TimeToLive = { AttributeName?: string; Enabled: boolean }

async function setTimeToLive(
  TableName: string,
  before: Properties,
  after: Properties,
  context: ResourceContext,
): Promise<void> {
  const [old, wanted] = [before, after].map(
    (side) => side['TimeToLiveSpecification'] as TimeToLive | undefined,
  )
  if (isDeepStrictEqual(old, wanted)) return
  // What was taken out of the template is switched off, for which the API asks by the attribute's name.
  const AttributeName = wanted?.AttributeName ?? old?.AttributeName
  const Enabled = wanted?.Enabled ?? false
  if (AttributeName === undefined) return
  await context.clients.dynamodb.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
  )
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  )
}

export const dynamoDbTypes = [table]
