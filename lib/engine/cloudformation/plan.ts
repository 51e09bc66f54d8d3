import { isDeepStrictEqual } from 'node:util'
import { validationError } from './errors'
import type { PropertyChange, Resource, ResourceChange, Stack, StackInput } from './model'
import { resourceType } from './resources/index'
import type { Properties, ResourceType } from './resources/type'
import { createScope, isWanted } from './scope'
import { evaluate, type Scope, Unresolved } from './template/evaluate'
import { inOrder } from './template/graph'
import type { Template } from './template/model'
import { conformAll, dependenciesOf, propertiesError } from './template/validate'

export type Surroundings = { region: string; exports: ReadonlyMap<string, { value: string }> }

/** What has to be done to the stack's resources so that they are as the template says. */
export function planChanges(
  stack: Stack,
  template: Template,
  input: StackInput,
  around: Surroundings,
): ResourceChange[] {
  const planned = new Map<string, ResourceChange>()
  const scope = createScope({
    ...around,
    template,
    input,
    stack,
    resource(logicalId) {
      const resource = stack.resources[logicalId]
      const change = planned.get(logicalId)
      const isWhole = resource?.physicalId !== undefined && !resource.unsettled
      const stays = isWhole && (change?.replacement ?? 'False') === 'False'
      if (!stays || change?.action === 'Add') throw new Unresolved(logicalId)
      return resource
    },
  })
  const wanted = inOrder(dependenciesOf(template)).filter((id) =>
    isWanted(template.Resources[id]?.Condition, scope),
  )
  refuseTypeChanges(stack, template, wanted)
  for (const logicalId of wanted) {
    const change = planResource(logicalId, template, stack.resources[logicalId], scope)
    if (change) planned.set(logicalId, change)
  }
  const removed = Object.values(stack.resources).filter((resource) => !wanted.includes(resource.logicalId))
  return [
    ...planned.values(),
    ...removed.map((resource) => describe('Remove', resource.logicalId, resource.type, resource)),
  ]
}

function planResource(
  logicalId: string,
  template: Template,
  existing: Resource | undefined,
  scope: Scope,
): ResourceChange | undefined {
  const declared = template.Resources[logicalId]
  if (!declared) return undefined
  const type = resourceType(declared.Type)
  const { known, unknown } = evaluateProperties(declared.Properties ?? {}, scope)
  const conformed = conformAll(known, type, false)
  const problems = conformed.problems.filter(
    (problem) => !unknown.some((name) => problem === `#: required key [${name}] not found`),
  )
  if (problems.length > 0) throw propertiesError(logicalId, type, problems)
  if (existing?.physicalId === undefined) return describe('Add', logicalId, type.type, undefined)

  const details = [
    ...changedProperties(existing.properties, conformed.value, type, unknown),
    ...unknown.map((name) => detail(type, name, 'Dynamic')),
  ]
  const scopes = [
    ...(details.length > 0 || existing.unsettled ? ['Properties'] : []),
    ...(isDeepStrictEqual(existing.metadata, declared.Metadata) ? [] : ['Metadata']),
    ...(existing.deletionPolicy === (declared.DeletionPolicy ?? 'Delete') ? [] : ['DeletionPolicy']),
    ...(existing.updateReplacePolicy === (declared.UpdateReplacePolicy ?? 'Delete')
      ? []
      : ['UpdateReplacePolicy']),
  ]
  if (scopes.length === 0) return undefined
  return {
    ...describe('Modify', logicalId, type.type, existing),
    scope: scopes,
    details,
    replacement: worst(details),
  }
}

/** Each property's value, or its name where that hangs on a resource that is still to be made. */
function evaluateProperties(properties: Properties, scope: Scope) {
  const known: Properties = {}
  const unknown: string[] = []
  for (const [name, value] of Object.entries(properties)) {
    try {
      Object.assign(known, evaluate({ [name]: value }, scope))
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error
      unknown.push(name)
    }
  }
  return { known, unknown }
}

/** The properties in which the two differ. Those in `except` are left out. */
export function changedProperties(
  before: Properties,
  after: Properties,
  type: ResourceType,
  except: readonly string[] = [],
): PropertyChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !except.includes(name) && !isDeepStrictEqual(before[name], after[name]))
    .map((name) => detail(type, name, 'Static'))
}

function detail(type: ResourceType, name: string, evaluation: 'Static' | 'Dynamic'): PropertyChange {
  const isReplacing = !type.update || type.properties[name]?.replaces === true
  const replaces = !isReplacing ? 'Never' : evaluation === 'Static' ? 'Always' : 'Conditionally'
  return { name, evaluation, replaces }
}

function worst(details: readonly PropertyChange[]): 'True' | 'False' | 'Conditional' {
  if (details.some((one) => one.replaces === 'Always')) return 'True'
  return details.some((one) => one.replaces === 'Conditionally') ? 'Conditional' : 'False'
}

function describe(
  action: ResourceChange['action'],
  logicalId: string,
  type: string,
  existing: Resource | undefined,
): ResourceChange {
  const physicalId = existing?.physicalId
  return {
    action,
    logicalId,
    type,
    ...(physicalId === undefined ? {} : { physicalId }),
    scope: [],
    details: [],
  }
}

function refuseTypeChanges(stack: Stack, template: Template, wanted: readonly string[]): void {
  const changed = wanted.filter((logicalId) => {
    const existing = stack.resources[logicalId]
    return existing !== undefined && existing.type !== template.Resources[logicalId]?.Type
  })
  if (changed.length > 0) {
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    )
  }
}
