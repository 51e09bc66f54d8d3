import { messageOf } from '../errors'
import type { Stack, StackInput } from '../model'
import { parseTemplate } from '../template/parse'
import { Application } from './apply'
import type { Environment } from './environment'
import { removeResources } from './remove'
import { discard, undoUpdate } from './rollback'

export type FailureMode = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING'

/** Creates what the stack's template says. The stack is CREATE_IN_PROGRESS when it is called. */
export async function createStack(
  stack: Stack,
  input: StackInput,
  onFailure: FailureMode,
  environment: Environment,
): Promise<void> {
  const { journal } = environment
  const failure = await apply(stack, input, environment)
  if (failure === undefined) {
    journal.stack(stack, 'CREATE_COMPLETE')
    return
  }
  if (onFailure === 'DO_NOTHING') {
    journal.stack(stack, 'CREATE_FAILED', failure)
    return
  }
  const verb = onFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK'
  journal.stack(stack, `${verb}_IN_PROGRESS`, `${failure} Rollback requested by user.`)
  for (const resource of Object.values(stack.resources)) discard(stack, resource)
  const stuck = await removeLeftovers(stack, environment)
  if (stuck.length > 0) {
    journal.stack(
      stack,
      `${verb}_FAILED`,
      `The following resource(s) failed to delete: [${stuck.join(', ')}]. `,
    )
  } else if (verb === 'DELETE') end(stack, environment)
  else journal.stack(stack, 'ROLLBACK_COMPLETE')
}

/** Updates the stack to `input`, or back again. The stack is UPDATE_IN_PROGRESS when it is called. */
export async function updateStack(
  stack: Stack,
  input: StackInput,
  onFailure: FailureMode,
  environment: Environment,
): Promise<void> {
  const { journal } = environment
  const application = new Application(stack, parseTemplate(input.template), input, environment)
  const failure = await apply(stack, input, environment, application)
  if (failure === undefined) {
    application.releaseUnwanted()
    await cleanUp(stack, 'UPDATE_COMPLETE', environment)
    return
  }
  if (onFailure === 'DO_NOTHING') {
    journal.stack(stack, 'UPDATE_FAILED', failure)
    return
  }
  journal.stack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure)
  const stuck = await undoUpdate(stack, application.undo, environment)
  if (stuck.length > 0) {
    const reason = `The following resource(s) failed to update: [${stuck.join(', ')}]. `
    journal.stack(stack, 'UPDATE_ROLLBACK_FAILED', reason)
    return
  }
  await cleanUp(stack, 'UPDATE_ROLLBACK_COMPLETE', environment)
}

/** Deletes all that the stack has. The stack is DELETE_IN_PROGRESS when it is called. */
export async function deleteStack(
  stack: Stack,
  retain: readonly string[],
  environment: Environment,
): Promise<void> {
  const all = [...Object.values(stack.resources), ...stack.leftovers]
  const stuck = await removeResources(stack, all, environment, {
    retain,
    gone(resource) {
      if (stack.resources[resource.logicalId] === resource) delete stack.resources[resource.logicalId]
      stack.leftovers = stack.leftovers.filter((one) => one !== resource)
    },
  })
  if (stuck.length === 0) {
    end(stack, environment)
    return
  }
  const reason = `The following resource(s) failed to delete: [${stuck.join(', ')}]. `
  environment.journal.stack(stack, 'DELETE_FAILED', reason)
}

/** The reason why it failed, or undefined. */
async function apply(
  stack: Stack,
  input: StackInput,
  environment: Environment,
  application = new Application(stack, parseTemplate(input.template), input, environment),
): Promise<string | undefined> {
  const verb = stack.status.startsWith('CREATE') ? 'create' : 'update'
  const failed = await application.resources()
  environment.signal.throwIfAborted()
  if (failed.length > 0) return `The following resource(s) failed to ${verb}: [${failed.join(', ')}].`
  try {
    stack.outputs = application.outputs()
  } catch (error) {
    return messageOf(error)
  }
  adopt(stack, input)
  return undefined
}

/** From now on this is what the stack is. */
function adopt(stack: Stack, input: StackInput): void {
  stack.input = input
  const { Description } = parseTemplate(input.template)
  if (Description === undefined) delete stack.description
  else stack.description = Description
}

/** What cannot be deleted does not fail the update: as on AWS it is no longer the stack's. */
async function cleanUp(stack: Stack, status: string, environment: Environment): Promise<void> {
  environment.journal.stack(stack, `${status}_CLEANUP_IN_PROGRESS`)
  await removeLeftovers(stack, environment)
  stack.leftovers = []
  environment.journal.stack(stack, status)
}

function removeLeftovers(stack: Stack, environment: Environment): Promise<string[]> {
  // A delete that was cut off may have been carried out, and the name given anew since.
  const alive = Object.values(stack.resources)
  stack.leftovers = stack.leftovers.filter(
    ({ type, physicalId }) => !alive.some((one) => one.type === type && one.physicalId === physicalId),
  )
  return removeResources(stack, stack.leftovers, environment, {
    gone(resource) {
      stack.leftovers = stack.leftovers.filter((one) => one !== resource)
    },
  })
}

function end(stack: Stack, environment: Environment): void {
  stack.outputs = []
  stack.changeSets = []
  stack.deletedAt = environment.journal.now()
  environment.journal.stack(stack, 'DELETE_COMPLETE')
}
