import type { Resource, Stack } from '../model'
import { resourceType } from '../resources/index'
import { type Dependencies, reversed, runInOrder } from '../template/graph'
import { type Environment, resourceContext } from './environment'
import { failureReason } from './failure'

/**
 * Deletes resources, each after all that depend on it; what its policy or `retain` says is kept is left alone.
 * `gone` is told of each that is dealt with. Resolves with the logical ids of those that could not be deleted.
 */
export async function removeResources(
  stack: Stack,
  resources: readonly Resource[],
  environment: Environment,
  options: { gone(resource: Resource): void; retain?: readonly string[] },
): Promise<string[]> {
  const byKey = new Map(resources.map((resource, index) => [`${index} ${resource.logicalId}`, resource]))
  const failedKeys = await runInOrder(
    deletionOrder(byKey),
    async (key) => {
      environment.signal.throwIfAborted()
      const resource = byKey.get(key)
      if (!resource) return
      const kept = resource.deletionPolicy === 'Retain' || resource.deletionPolicy === 'RetainExceptOnCreate'
      if (kept || options.retain?.includes(resource.logicalId)) {
        environment.journal.resource(stack, resource, 'DELETE_SKIPPED')
      } else {
        await removeOne(stack, resource, environment)
      }
      options.gone(resource)
      environment.journal.save()
    },
    { goOn: true },
  )
  environment.signal.throwIfAborted()
  return failedKeys.flatMap((key) => byKey.get(key)?.logicalId ?? [])
}

async function removeOne(stack: Stack, resource: Resource, environment: Environment): Promise<void> {
  const { journal } = environment
  journal.resource(stack, resource, 'DELETE_IN_PROGRESS')
  const context = resourceContext(resource, environment)
  const type = resourceType(resource.type)
  const { physicalId, attributes, properties } = resource
  try {
    // Without a physical id nothing was made, or an instant before a kill; what has the name may be somebody else's.
    if (physicalId !== undefined) await type.delete({ physicalId, attributes, properties }, context)
  } catch (error) {
    environment.signal.throwIfAborted()
    journal.resource(stack, resource, 'DELETE_FAILED', failureReason(error, resource))
    throw error
  }
  journal.resource(stack, resource, 'DELETE_COMPLETE')
}

/** Two may have one logical id: an old one and what replaced it. */
function deletionOrder(byKey: ReadonlyMap<string, Resource>): Dependencies {
  const keysOf = new Map<string, string[]>()
  for (const [key, { logicalId }] of byKey) keysOf.set(logicalId, [...(keysOf.get(logicalId) ?? []), key])
  return reversed(
    new Map(
      [...byKey].map(([key, resource]) => [
        key,
        new Set(resource.dependsOn.flatMap((logicalId) => keysOf.get(logicalId) ?? [])),
      ]),
    ),
  )
}
