import { validationError } from '../errors'
import { TYPE_NAME } from '../resources/elsewhere'
import { resourceType } from '../resources/index'
import { conform } from '../resources/shape'
import type { ResourceType } from '../resources/type'
import { isKnownIntrinsic } from './evaluate'
import { type Dependencies, inOrder } from './graph'
import { isObject, type Template } from './model'
import { explicitDependencies } from './parse'
import { intrinsicName, type Reference, referencesOf } from './references'

/**
 * All that can be known to be wrong before anything is made: names that do not exist, circles, functions, types and
 * properties that the engine does not have. Throws ValidationError.
 */
export function validateTemplate(template: Template): void {
  checkTypes(template)
  checkFunctions(template)
  checkReferences(template)
  checkProperties(template)
  inOrder(dependenciesOf(template))
}

/** What must stand before each resource: what it mentions, and its DependsOn. */
export function dependenciesOf(template: Template): Dependencies {
  const resources = Object.entries(template.Resources)
  return new Map(
    resources.map(([logicalId, resource]) => [
      logicalId,
      new Set(
        [
          ...referencesOf(resource.Properties ?? {}).map((reference) => reference.target),
          ...explicitDependencies(resource),
        ].filter((target) => Object.hasOwn(template.Resources, target)),
      ),
    ]),
  )
}

function checkTypes(template: Template): void {
  const unknown = Object.entries(template.Resources).filter(([, { Type }]) => !TYPE_NAME.test(Type))
  if (unknown.length === 0) return
  const types = [...new Set(unknown.map(([, { Type }]) => Type))]
  const ids = unknown.map(([logicalId]) => logicalId)
  throw validationError(
    `Template format error: Unrecognized resource types: [${types.join(', ')}] (of ${ids.join(', ')})`,
  )
}

function checkFunctions(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkFunctions)
  if (!isObject(value)) return
  const name = intrinsicName(value)
  if (name !== undefined && !isKnownIntrinsic(name) && !name.match(/^Fn::(And|Or|Not|Equals)$/)) {
    throw validationError(`Template error: the local engine does not support ${name}`)
  }
  Object.values(value).forEach(checkFunctions)
}

function checkReferences(template: Template): void {
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const explicit = explicitDependencies(resource).map((target) => ({ target, attribute: 'DependsOn' }))
    checkTargets(template, referencesOf(resource.Properties ?? {}), 'Resources')
    for (const { target } of explicit) {
      if (!Object.hasOwn(template.Resources, target)) throw unresolved([target], 'Resources')
    }
    if (resource.Condition !== undefined && !Object.hasOwn(template.Conditions, resource.Condition)) {
      throw validationError(
        `Template format error: Unresolved condition dependency ${resource.Condition} in the Resources block of the template (${logicalId})`,
      )
    }
  }
  checkTargets(template, referencesOf(template.Outputs), 'Outputs')
}

function checkTargets(template: Template, references: readonly Reference[], block: string): void {
  const missing = references
    .filter(({ target, attribute }) => !isDeclared(template, target, attribute))
    .map(({ target }) => target)
  if (missing.length > 0) throw unresolved(missing, block)
  for (const { target, attribute } of references) {
    const { Type } = template.Resources[target] ?? {}
    if (attribute === undefined || Type === undefined) continue
    const type = resourceType(Type)
    if (type.elsewhere || type.attributes.includes(attribute)) continue
    throw validationError(
      `Template error: resource ${target} does not support attribute type ${attribute} in Fn::GetAtt`,
    )
  }
}

function isDeclared(template: Template, target: string, attribute: string | undefined): boolean {
  if (Object.hasOwn(template.Resources, target)) return true
  return attribute === undefined && Object.hasOwn(template.Parameters, target)
}

function unresolved(targets: readonly string[], block: string) {
  const names = [...new Set(targets)].join(', ')
  return validationError(
    `Template format error: Unresolved resource dependencies [${names}] in the ${block} block of the template`,
  )
}

function checkProperties(template: Template): void {
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const type = resourceType(Type)
    if (intrinsicName(Properties) !== undefined) continue
    const problems = [...conformAll(Properties, type, true).problems, ...(type.check?.(Properties) ?? [])]
    if (problems.length > 0) throw propertiesError(logicalId, type, problems)
  }
}

/** All properties of a resource in the form its type asks for. */
export function conformAll(properties: Record<string, unknown>, type: ResourceType, intrinsics: boolean) {
  if (type.elsewhere) return { value: properties, problems: [] }
  const fields = Object.fromEntries(
    Object.entries(type.properties).map(([name, property]) => [name, property.shape]),
  )
  const conformed = conform(properties, { fields, required: type.required }, '#', intrinsics)
  return { value: conformed.value as Record<string, unknown>, problems: conformed.problems }
}

export function propertiesError(logicalId: string, type: ResourceType, problems: readonly string[]) {
  return validationError(
    `Properties validation failed for resource ${logicalId} (${type.type}) with message:\n${problems.join('\n')}`,
  )
}
