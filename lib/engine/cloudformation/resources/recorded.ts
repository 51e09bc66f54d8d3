import type { Created, Properties, Property, ResourceContext, ResourceType } from './type'

type Recorded = Pick<ResourceType, 'type' | 'properties' | 'required' | 'attributes' | 'name' | 'check'> & {
  created(properties: Properties, context: ResourceContext): Created
}

/** A resource that nothing in the engine acts on: the stack knows it, with its names, and that is all. */
export function recorded({ created, ...description }: Recorded): ResourceType {
  return {
    ...description,
    create: async (properties, context) => created(properties, context),
    update: async (before) => before.attributes,
    delete: async () => undefined,
  }
}

/** Properties of one kind: accepted, and without effect in the engine. */
export function accepted(names: readonly string[], property: Property): Record<string, Property> {
  return Object.fromEntries(names.map((name) => [name, property]))
}
