import type { Resource, Stack } from '../model'
import { resourceType } from '../resources/index'
import { type Environment, resourceContext } from './environment'
import { failureReason } from './failure'
import type { Undo } from './steps'

/**
 * Brings the resources back to what they were before an update: the last step first. What the update made becomes a
 * leftover. Resolves with the logical ids that could not be brought back.
 */
export async function undoUpdate(
  stack: Stack,
  steps: readonly Undo[],
  environment: Environment,
): Promise<string[]> {
  const failed: string[] = []
  for (const { logicalId, before, untouched } of steps.toReversed()) {
    environment.signal.throwIfAborted()
    const resource = stack.resources[logicalId]
    if (!resource) continue
    if (before === undefined) discard(stack, resource)
    else if (untouched) stack.resources[logicalId] = before
    else if (resource.physicalId !== before.physicalId) putBack(stack, resource, before)
    else if (!(await revert(stack, resource, before, environment))) failed.push(logicalId)
    environment.journal.save()
  }
  return failed
}

/** A resource made by the operation that failed goes, unless its policy keeps it even then. What was there before stays. */
export function discard(stack: Stack, resource: Resource): void {
  delete stack.resources[resource.logicalId]
  const isKept = resource.deletionPolicy === 'Retain' || resource.status === 'IMPORT_COMPLETE'
  const deletionPolicy = isKept && isWhole(resource) ? 'Retain' : 'Delete'
  stack.leftovers.push({ ...resource, deletionPolicy })
}

/** A replacement goes, and what it replaced is no leftover any more. */
function putBack(stack: Stack, resource: Resource, before: Resource): void {
  stack.leftovers = stack.leftovers.filter(
    (one) => one.logicalId !== before.logicalId || one.physicalId !== before.physicalId,
  )
  stack.leftovers.push({ ...resource, deletionPolicy: 'Delete' })
  stack.resources[before.logicalId] = before
}

async function revert(
  stack: Stack,
  resource: Resource,
  before: Resource,
  environment: Environment,
): Promise<boolean> {
  const { journal } = environment
  const type = resourceType(resource.type)
  const { physicalId = '', attributes, properties } = resource
  journal.resource(stack, resource, 'UPDATE_IN_PROGRESS')
  try {
    const context = resourceContext(resource, environment)
    const changed = await type.update?.({ physicalId, attributes, properties }, before.properties, context)
    const restored = { ...before, attributes: { ...before.attributes, ...changed } }
    stack.resources[resource.logicalId] = restored
    journal.resource(stack, restored, 'UPDATE_COMPLETE')
    return true
  } catch (error) {
    environment.signal.throwIfAborted()
    resource.unsettled = true
    journal.resource(stack, resource, 'UPDATE_FAILED', failureReason(error, resource))
    return false
  }
}

/** A create that did not come to its end leaves nothing worth keeping. */
function isWhole(resource: Resource): boolean {
  return resource.physicalId !== undefined && !resource.unsettled
}
