import { ApiError } from '../../api'
import { hasChanges } from '../changes'
import { validationError } from '../errors'
import { changeSetId } from '../identifiers'
import { withImports } from '../imports'
import type { ChangeSet, ResourceChange, Stack } from '../model'
import { planChanges } from '../plan'
import type { StackRunner } from '../runner'
import type { XmlObject } from '../xml'
import { date, type Operation, optional, page, required } from './operation'
import { alreadyExists, existing, failureMode } from './stacks'

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set."

export const createChangeSet: Operation = async (input, runner) => {
  const stackName = required(input, 'StackName')
  const name = required(input, 'ChangeSetName')
  const type = optional(input, 'ChangeSetType') ?? 'UPDATE'
  if (type !== 'CREATE' && type !== 'UPDATE') {
    throw validationError(`The local engine does not support change sets of type ${type}`)
  }
  const wanted = await runner.read(input, live(stackName, runner))
  const stack = type === 'CREATE' ? underReview(stackName, runner) : updatable(stackName, runner)
  const around = { region: runner.environment.region, exports: runner.store.exports() }
  const planned = planChanges(stack, wanted.template, wanted.input, around)
  const isImporting = input['ImportExistingResources'] === 'true'
  const changes = isImporting ? await withImports(planned, wanted.template, runner) : planned
  if (stack.changeSets.some((one) => one.name === name)) {
    throw new ApiError('AlreadyExistsException', `ChangeSet ${name} cannot be created due to a name conflict`)
  }
  const imports = changes.filter(({ action }) => action === 'Import').map(({ logicalId }) => logicalId)
  const isEmpty = !hasChanges(stack, wanted, changes, around)
  const description = optional(input, 'Description')
  const changeSet: ChangeSet = {
    id: changeSetId(runner.environment.region, name),
    name,
    type,
    ...(description === undefined ? {} : { description }),
    createdAt: runner.clock.now(),
    status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    ...(isEmpty ? { statusReason: NO_CHANGES } : {}),
    executionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
    input: imports.length === 0 ? wanted.input : { ...wanted.input, imports },
    changes,
  }
  stack.changeSets.push(changeSet)
  runner.store.save()
  return { Id: changeSet.id, StackId: stack.id }
}

export const describeChangeSet: Operation = (input, runner) => {
  const { stack, changeSet } = find(input, runner)
  const { items, NextToken } = page(changeSet.changes, input)
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    Parameters: Object.entries(changeSet.input.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    CreationTime: date(changeSet.createdAt),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    NotificationARNs: changeSet.input.notificationArns,
    RollbackConfiguration: {},
    Capabilities: changeSet.input.capabilities,
    Tags: changeSet.input.tags,
    Changes: items.map(describeChange),
    NextToken,
    IncludeNestedStacks: false,
  }
}

export const executeChangeSet: Operation = (input, runner) => {
  const { stack, changeSet } = find(input, runner)
  if (changeSet.executionStatus !== 'AVAILABLE') {
    throw new ApiError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    )
  }
  const mode = failureMode(undefined, input['DisableRollback'])
  // AWS forgets a change set that is executed, and every other one that it overtakes.
  stack.changeSetId = changeSet.id
  if (changeSet.type === 'CREATE') {
    stack.changeSets = []
    runner.create(stack, changeSet.input, mode)
    return {}
  }
  runner.requireUpdatable(stack)
  stack.changeSets = stack.changeSets.filter((one) => one !== changeSet)
  runner.update(stack, changeSet.input, mode)
  return {}
}

/** Says nothing of a change set that does not exist, as on AWS. */
export const deleteChangeSet: Operation = (input, runner) => {
  const name = required(input, 'ChangeSetName')
  const stack = name.startsWith('arn:')
    ? runner.store.all().find((one) => one.changeSets.some((changeSet) => changeSet.id === name))
    : existing(runner, required(input, 'StackName'))
  if (stack) {
    stack.changeSets = stack.changeSets.filter((one) => one.name !== name && one.id !== name)
    runner.store.save()
  }
  return {}
}

export const listChangeSets: Operation = (input, runner) => {
  const stack = existing(runner, required(input, 'StackName'))
  const { items, NextToken } = page(stack.changeSets, input)
  return {
    Summaries: items.map((changeSet) => ({
      StackId: stack.id,
      StackName: stack.name,
      ChangeSetId: changeSet.id,
      ChangeSetName: changeSet.name,
      ExecutionStatus: changeSet.executionStatus,
      Status: changeSet.status,
      StatusReason: changeSet.statusReason,
      CreationTime: date(changeSet.createdAt),
      Description: changeSet.description,
    })),
    NextToken,
  }
}

function live(name: string, { store }: StackRunner): Stack | undefined {
  const stack = store.find(name)
  return stack?.status === 'DELETE_COMPLETE' ? undefined : stack
}

function underReview(name: string, runner: StackRunner): Stack {
  const before = live(name, runner)
  if (!before) return runner.register(name, 'REVIEW_IN_PROGRESS')
  if (before.status !== 'REVIEW_IN_PROGRESS') throw alreadyExists(name)
  return before
}

function updatable(name: string, runner: StackRunner): Stack {
  const stack = existing(runner, name)
  runner.requireUpdatable(stack)
  return stack
}

function find(input: Parameters<Operation>[0], runner: StackRunner): { stack: Stack; changeSet: ChangeSet } {
  const name = required(input, 'ChangeSetName')
  const stacks = name.startsWith('arn:')
    ? runner.store.all()
    : [existing(runner, required(input, 'StackName'))]
  for (const stack of stacks) {
    const changeSet = stack.changeSets.find((one) => one.name === name || one.id === name)
    if (changeSet) return { stack, changeSet }
  }
  throw new ApiError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404)
}

function describeChange(change: ResourceChange): XmlObject {
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: change.scope,
      Details: change.details.map((detail) => ({
        Target: {
          Attribute: 'Properties',
          Name: detail.name,
          RequiresRecreation: detail.replaces,
        },
        Evaluation: detail.evaluation,
        ChangeSource: 'DirectModification',
      })),
    },
  }
}
