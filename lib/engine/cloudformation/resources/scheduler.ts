import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler'
import { unlessMissing } from './missing'
import { tagList } from './shape'
import { mutable, type Properties, type ResourceContext, type ResourceType, replaces } from './type'
import { untilGone } from './wait'

/** Of the targets' parameters those of SQS; the others belong to services that the engine lacks. */
const target = {
  fields: {
    Arn: 'string',
    RoleArn: 'string',
    Input: 'string',
    DeadLetterConfig: { fields: { Arn: 'string' } },
    RetryPolicy: { fields: { MaximumEventAgeInSeconds: 'integer', MaximumRetryAttempts: 'integer' } },
    SqsParameters: { fields: { MessageGroupId: 'string' } },
  },
  required: ['Arn', 'RoleArn'],
} as const

const schedule: ResourceType = {
  type: 'AWS::Scheduler::Schedule',
  properties: {
    Name: replaces('string'),
    GroupName: replaces('string'),
    Description: mutable('string'),
    EndDate: mutable('string'),
    FlexibleTimeWindow: mutable({
      fields: { Mode: 'string', MaximumWindowInMinutes: 'integer' },
      required: ['Mode'],
    }),
    KmsKeyArn: mutable('string'),
    ScheduleExpression: mutable('string'),
    ScheduleExpressionTimezone: mutable('string'),
    StartDate: mutable('string'),
    State: mutable('string'),
    Target: mutable(target),
  },
  required: ['FlexibleTimeWindow', 'ScheduleExpression', 'Target'],
  attributes: ['Arn'],
  name: { property: 'Name', limit: 64, within: 'GroupName' },

  async create(properties, context) {
    const { ScheduleArn = '' } = await context.clients.scheduler.send(
      new CreateScheduleCommand(inputOf(context.name, properties)),
    )
    return { physicalId: context.name, attributes: { Arn: ScheduleArn } }
  },
  async update({ physicalId }, after, { clients }) {
    await clients.scheduler.send(new UpdateScheduleCommand(inputOf(physicalId, after)))
    return undefined
  },
  async delete({ physicalId, properties }, { clients }) {
    const GroupName = properties['GroupName'] as string | undefined
    await unlessMissing(clients.scheduler.send(new DeleteScheduleCommand({ Name: physicalId, GroupName })))
  },
  async find(properties, { clients, name }) {
    const GroupName = properties['GroupName'] as string | undefined
    const found = await unlessMissing(
      clients.scheduler.send(new GetScheduleCommand({ Name: name, GroupName })),
    )
    return found && { physicalId: name, attributes: { Arn: found.Arn ?? '' } }
  },
}

function inputOf(name: string, properties: Properties): CreateScheduleCommandInput {
  const { StartDate, EndDate, ...rest } = properties
  return {
    ...(rest as Omit<CreateScheduleCommandInput, 'Name'>),
    Name: name,
    ...(StartDate === undefined ? {} : { StartDate: new Date(String(StartDate)) }),
    ...(EndDate === undefined ? {} : { EndDate: new Date(String(EndDate)) }),
  }
}

const scheduleGroup: ResourceType = {
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: { Name: replaces('string'), Tags: mutable(tagList) },
  required: [],
  attributes: ['Arn', 'CreationDate', 'LastModificationDate', 'State'],
  name: { property: 'Name', limit: 64 },

  async create(_, context) {
    await context.clients.scheduler.send(new CreateScheduleGroupCommand({ Name: context.name }))
    context.made(context.name)
    return describeGroup(context.name, context)
  },
  update: async (before) => before.attributes,
  async delete({ physicalId: Name }, context) {
    const { scheduler } = context.clients
    await unlessMissing(scheduler.send(new DeleteScheduleGroupCommand({ Name })))
    // Its schedules go first, so it may be DELETING for a while.
    const find = () => unlessMissing(scheduler.send(new GetScheduleGroupCommand({ Name })))
    await untilGone(context, Name, find)
  },
  find: (_, context) => unlessMissing(describeGroup(context.name, context)),
}

async function describeGroup(name: string, { clients }: ResourceContext) {
  const group = await clients.scheduler.send(new GetScheduleGroupCommand({ Name: name }))
  return {
    physicalId: name,
    attributes: {
      Arn: group.Arn ?? '',
      CreationDate: group.CreationDate?.toISOString() ?? '',
      LastModificationDate: group.LastModificationDate?.toISOString() ?? '',
      State: group.State ?? '',
    },
  }
}

export const schedulerTypes = [schedule, scheduleGroup]
