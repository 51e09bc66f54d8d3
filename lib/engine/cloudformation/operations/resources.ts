import { validationError } from '../errors'
import type { Resource, Stack } from '../model'
import type { XmlObject } from '../xml'
import { date, type Operation, optional, page, required } from './operation'
import { existing } from './stacks'

const NO_DRIFT = { StackResourceDriftStatus: 'NOT_CHECKED' }

export const describeStackResource: Operation = (input, runner) => {
  const name = required(input, 'StackName')
  const stack = runner.store.find(name)
  if (!stack) throw validationError(`Stack '${name}' does not exist`)
  const resource = resourceOf(stack, required(input, 'LogicalResourceId'))
  return {
    StackResourceDetail: {
      StackId: stack.id,
      StackName: stack.name,
      ...describe(resource),
      LastUpdatedTimestamp: date(resource.updatedAt),
      Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
    },
  }
}

export const describeStackResources: Operation = (input, runner) => {
  const stack = stackOfResources(input, runner)
  const logicalId = optional(input, 'LogicalResourceId')
  const resources = logicalId === undefined ? Object.values(stack.resources) : [resourceOf(stack, logicalId)]
  return {
    StackResources: resources.map((resource) => ({
      StackId: stack.id,
      StackName: stack.name,
      ...describe(resource),
      Timestamp: date(resource.updatedAt),
    })),
  }
}

export const listStackResources: Operation = (input, runner) => {
  const name = required(input, 'StackName')
  const stack = runner.store.find(name)
  if (!stack) throw validationError(`Stack with id ${name} does not exist`)
  const { items, NextToken } = page(Object.values(stack.resources), input)
  return {
    StackResourceSummaries: items.map((resource) => ({
      ...describe(resource),
      LastUpdatedTimestamp: date(resource.updatedAt),
    })),
    NextToken,
  }
}

/** Newest first, as on AWS. */
export const describeStackEvents: Operation = (input, runner) => {
  const name = required(input, 'StackName')
  const stack = runner.store.find(name)
  if (!stack) throw validationError(`Stack [${name}] does not exist`)
  const { items, NextToken } = page(stack.events.toReversed(), input)
  return {
    StackEvents: items.map((event) => ({
      StackId: stack.id,
      EventId: event.id,
      StackName: stack.name,
      LogicalResourceId: event.logicalId,
      PhysicalResourceId: event.physicalId ?? '',
      ResourceType: event.type,
      Timestamp: date(event.at),
      ResourceStatus: event.status,
      ResourceStatusReason: event.reason,
      ResourceProperties: event.properties,
    })),
    NextToken,
  }
}

function stackOfResources(input: Parameters<Operation>[0], runner: Parameters<Operation>[1]): Stack {
  const physicalId = optional(input, 'PhysicalResourceId')
  if (physicalId === undefined) return existing(runner, required(input, 'StackName'))
  const stack = runner.store
    .live()
    .find((one) => Object.values(one.resources).some((resource) => resource.physicalId === physicalId))
  if (!stack) throw validationError(`Stack for ${physicalId} does not exist`)
  return stack
}

function resourceOf(stack: Stack, logicalId: string): Resource {
  const resource = Object.hasOwn(stack.resources, logicalId) ? stack.resources[logicalId] : undefined
  if (!resource) throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`)
  return resource
}

function describe(resource: Resource): XmlObject {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: NO_DRIFT,
  }
}
