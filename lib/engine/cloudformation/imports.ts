import { resourceContext } from './deploy/environment'
import type { ResourceChange } from './model'
import { resourceType } from './resources/index'
import type { StackRunner } from './runner'
import type { Template, TemplateResource } from './template/model'

/**
 * The same changes, in which a resource that exists and belongs to no stack is taken over instead of made. As on AWS it
 * must have a name in the template's own words and a policy that keeps it (CloudFormation User Guide, "Import AWS
 * resources into a CloudFormation stack automatically"); of another the create fails, because it exists.
 */
export async function withImports(
  changes: readonly ResourceChange[],
  template: Template,
  runner: StackRunner,
): Promise<ResourceChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      const declared = template.Resources[change.logicalId]
      if (change.action !== 'Add' || declared === undefined) return change
      const physicalId = await findExisting(change.logicalId, declared, runner)
      return physicalId === undefined ? change : { ...change, action: 'Import', physicalId }
    }),
  )
}

async function findExisting(
  logicalId: string,
  declared: TemplateResource,
  { environment, store }: StackRunner,
): Promise<string | undefined> {
  const type = resourceType(declared.Type)
  const { DeletionPolicy = 'Delete', Properties = {} } = declared
  const name = type.name && Properties[type.name.property]
  if (typeof name !== 'string' || !DeletionPolicy.startsWith('Retain')) return undefined
  const owned = store
    .live()
    .some(({ resources }) =>
      Object.values(resources).some((one) => one.type === type.type && one.physicalId === name),
    )
  if (owned) return undefined
  const draft = {
    logicalId,
    type: type.type,
    name,
    attributes: {},
    properties: {},
    dependsOn: [],
    deletionPolicy: DeletionPolicy,
    updateReplacePolicy: DeletionPolicy,
    status: '',
    updatedAt: 0,
  }
  return (await type.find?.(Properties, resourceContext(draft, environment)))?.physicalId
}
