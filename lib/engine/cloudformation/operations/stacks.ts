import { ApiError } from '../../api'
import { hasChanges } from '../changes'
import { validationError } from '../errors'
import type { Stack } from '../model'
import { planChanges } from '../plan'
import { texts } from '../query'
import type { StackRunner } from '../runner'
import type { XmlObject } from '../xml'
import { date, type Operation, optional, page, required } from './operation'

const NO_DRIFT = { StackDriftStatus: 'NOT_CHECKED' }

export const describeStacks: Operation = (input, { store }) => {
  const name = optional(input, 'StackName')
  const { items, NextToken } = page(name === undefined ? store.live() : [store.get(name)], input)
  return { Stacks: items.map(describe), NextToken }
}

export const listStacks: Operation = (input, { store }) => {
  const wanted = texts(input['StackStatusFilter'])
  const stacks = store.all().filter((stack) => wanted.length === 0 || wanted.includes(stack.status))
  const { items, NextToken } = page(stacks.toReversed(), input)
  return {
    StackSummaries: items.map((stack) => ({
      StackId: stack.id,
      StackName: stack.name,
      TemplateDescription: stack.description,
      ...timesAndStatus(stack),
      DriftInformation: NO_DRIFT,
    })),
    NextToken,
  }
}

export const createStack: Operation = async (input, runner) => {
  const name = required(input, 'StackName')
  const wanted = await runner.read(input)
  if (runner.store.live().some((stack) => stack.name === name)) throw alreadyExists(name)
  const stack = runner.register(name, 'CREATE_IN_PROGRESS')
  stack.terminationProtection = input['EnableTerminationProtection'] === 'true'
  runner.create(stack, wanted.input, failureMode(optional(input, 'OnFailure'), input['DisableRollback']))
  return { StackId: stack.id }
}

export const updateStack: Operation = async (input, runner) => {
  const stack = existing(runner, required(input, 'StackName'))
  const wanted = await runner.read(input, stack)
  runner.requireUpdatable(stack)
  const around = { region: runner.environment.region, exports: runner.store.exports() }
  const changes = planChanges(stack, wanted.template, wanted.input, around)
  if (!hasChanges(stack, wanted, changes, around)) throw validationError('No updates are to be performed.')
  runner.update(stack, wanted.input, failureMode(undefined, input['DisableRollback']))
  return { StackId: stack.id }
}

/** Says nothing of a stack that does not exist, as on AWS. */
export const deleteStack: Operation = (input, runner) => {
  const stack = runner.store.find(required(input, 'StackName'))
  if (!stack || stack.status === 'DELETE_COMPLETE') return undefined
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`)
  }
  runner.delete(stack, texts(input['RetainResources']))
  return undefined
}

export const updateTerminationProtection: Operation = (input, runner) => {
  const stack = existing(runner, required(input, 'StackName'))
  stack.terminationProtection = required(input, 'EnableTerminationProtection') === 'true'
  runner.store.save()
  return { StackId: stack.id }
}

/** Kept and shown; the engine does not hold updates to it. */
export const setStackPolicy: Operation = (input, runner) => {
  const stack = existing(runner, required(input, 'StackName'))
  stack.policy = required(input, 'StackPolicyBody')
  runner.store.save()
  return undefined
}

export const getStackPolicy: Operation = (input, runner) => ({
  StackPolicyBody: existing(runner, required(input, 'StackName')).policy,
})

/** For calls that, unlike DescribeStacks, say `Stack [NAME] does not exist`. */
export function existing(runner: StackRunner, name: string): Stack {
  const stack = runner.store.find(name)
  if (!stack || stack.status === 'DELETE_COMPLETE') throw validationError(`Stack [${name}] does not exist`)
  return stack
}

export function alreadyExists(name: string): ApiError {
  return new ApiError('AlreadyExistsException', `Stack [${name}] already exists`)
}

export function failureMode(onFailure: string | undefined, disableRollback: unknown) {
  if (onFailure === 'DELETE' || onFailure === 'DO_NOTHING') return onFailure
  return disableRollback === 'true' ? 'DO_NOTHING' : 'ROLLBACK'
}

function describe(stack: Stack): XmlObject {
  const parameters = Object.entries(stack.input?.parameters ?? {})
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: stack.description,
    Parameters: parameters.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    ...timesAndStatus(stack),
    RollbackConfiguration: {},
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.input?.notificationArns ?? [],
    Capabilities: stack.input?.capabilities ?? [],
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    RoleARN: stack.input?.roleArn,
    Tags: stack.input?.tags ?? [],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: NO_DRIFT,
  }
}

function timesAndStatus(stack: Stack): XmlObject {
  return {
    CreationTime: date(stack.createdAt),
    LastUpdatedTime: stack.updatedAt === undefined ? undefined : date(stack.updatedAt),
    DeletionTime: stack.deletedAt === undefined ? undefined : date(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
  }
}
