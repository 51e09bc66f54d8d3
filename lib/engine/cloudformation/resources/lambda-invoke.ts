import { isDeepStrictEqual } from 'node:util'
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  type DestinationConfig,
  GetEventSourceMappingCommand,
  GetFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { AlreadyExists, unlessMissing } from './missing'
import { strings, tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'
import { untilGone } from './wait'

const permission: ResourceType = {
  type: 'AWS::Lambda::Permission',
  properties: {
    Action: replaces('string'),
    EventSourceToken: replaces('string'),
    FunctionName: replaces('string'),
    Principal: replaces('string'),
    PrincipalOrgID: replaces('string'),
    SourceAccount: replaces('string'),
    SourceArn: replaces('string'),
  },
  required: ['Action', 'FunctionName', 'Principal'],
  attributes: ['Id'],

  async create(properties, { clients, name }) {
    await clients.lambda.send(
      new AddPermissionCommand({ ...properties, StatementId: name } as AddPermissionCommandInput),
    )
    return { physicalId: name, attributes: { Id: name } }
  },
  async delete({ physicalId, properties }, { clients }) {
    const FunctionName = String(properties['FunctionName'])
    await unlessMissing(
      clients.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: physicalId })),
    )
  },
  /** Nothing of it can be changed, so a half-made one is taken away and made anew. */
  async find(properties, { clients, name }) {
    const FunctionName = String(properties['FunctionName'])
    await unlessMissing(clients.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: name })))
    return undefined
  },
}

/** What can be changed of a mapping, with Lambda's defaults for SQS (API reference, CreateEventSourceMapping). */
const MAPPING_DEFAULTS: Record<string, unknown> = {
  BatchSize: 10,
  Enabled: true,
  FunctionName: undefined,
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
  ScalingConfig: {},
}

const eventSourceMapping: ResourceType = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: {
    BatchSize: mutable('integer'),
    Enabled: mutable('boolean'),
    EventSourceArn: replaces('string'),
    FunctionName: mutable('string'),
    FunctionResponseTypes: mutable(strings),
    MaximumBatchingWindowInSeconds: mutable('integer'),
    ScalingConfig: mutable({ fields: { MaximumConcurrency: 'integer' } }),
    Tags: mutable(tagList),
  },
  required: ['FunctionName'],
  attributes: ['EventSourceMappingArn', 'Id'],

  async create(properties, context) {
    const { Tags: _, ...input } = properties
    const { UUID = '', EventSourceMappingArn = '' } = await context.clients.lambda.send(
      new CreateEventSourceMappingCommand(input as unknown as CreateEventSourceMappingCommandInput),
    )
    context.made(UUID)
    return describeMapping(UUID, EventSourceMappingArn)
  },
  async update({ physicalId, properties: before }, after, { clients }) {
    const changes = Object.fromEntries(
      Object.entries(MAPPING_DEFAULTS)
        .filter(([name]) => !isDeepStrictEqual(before[name], after[name]))
        .map(([name, fallback]) => [name, after[name] ?? fallback]),
    )
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: physicalId, ...changes }))
    return undefined
  },
  async delete({ physicalId: UUID }, context) {
    const { lambda } = context.clients
    await unlessMissing(lambda.send(new DeleteEventSourceMappingCommand({ UUID })))
    // Deleting until its pollers have ended; a mapping of the same pair is refused until then.
    const find = () => unlessMissing(lambda.send(new GetEventSourceMappingCommand({ UUID })))
    await untilGone(context, UUID, find)
  },
  async find(properties, { clients }) {
    const { EventSourceMappings = [] } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({
        EventSourceArn: properties['EventSourceArn'] as string | undefined,
        FunctionName: String(properties['FunctionName']),
      }),
    )
    const [found] = EventSourceMappings
    return found && describeMapping(found.UUID ?? '', found.EventSourceMappingArn ?? '')
  },
}

function describeMapping(uuid: string, arn: string) {
  return { physicalId: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } }
}

const destination = { fields: { Destination: 'string' }, required: ['Destination'] } as const

const eventInvokeConfig: ResourceType = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: {
    DestinationConfig: mutable({ fields: { OnFailure: destination, OnSuccess: destination } }),
    FunctionName: replaces('string'),
    MaximumEventAgeInSeconds: mutable('integer'),
    MaximumRetryAttempts: mutable('integer'),
    Qualifier: replaces('string'),
  },
  required: ['FunctionName', 'Qualifier'],
  attributes: [],

  async create(properties, context) {
    const key = invokeConfigKey(properties)
    const found = await unlessMissing(
      context.clients.lambda.send(new GetFunctionEventInvokeConfigCommand(key)),
    )
    if (found) throw new AlreadyExists(`${key.FunctionName}|${key.Qualifier}`)
    return putInvokeConfig(properties, context)
  },
  async update(_, after, context) {
    await putInvokeConfig(after, context)
    return undefined
  },
  async delete({ properties }, { clients }) {
    const key = invokeConfigKey(properties)
    await unlessMissing(clients.lambda.send(new DeleteFunctionEventInvokeConfigCommand(key)))
  },
  find: (properties, context) => putInvokeConfig(properties, context),
}

function invokeConfigKey(properties: Properties) {
  return { FunctionName: String(properties['FunctionName']), Qualifier: String(properties['Qualifier']) }
}

/** Put says it all each time: what is not in it goes back to the default. */
async function putInvokeConfig(properties: Properties, { clients }: ResourceContext) {
  const key = invokeConfigKey(properties)
  await clients.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      ...key,
      DestinationConfig: properties['DestinationConfig'] as DestinationConfig | undefined,
      MaximumEventAgeInSeconds: properties['MaximumEventAgeInSeconds'] as number | undefined,
      MaximumRetryAttempts: properties['MaximumRetryAttempts'] as number | undefined,
    }),
  )
  return { physicalId: `${key.FunctionName}|${key.Qualifier}` }
}

export const invokeTypes = [permission, eventSourceMapping, eventInvokeConfig]
