import { ACCOUNT } from '../api'
import { validationError } from './errors'
import type { Resource, Stack, StackInput } from './model'
import { attributeOf } from './resources/elsewhere'
import { resourceType } from './resources/index'
import { condition, type Scope } from './template/evaluate'
import type { Template } from './template/model'
import { parameterValue } from './template/parameters'

type Names = {
  template: Template
  input: Pick<StackInput, 'parameters' | 'notificationArns'>
  stack: Pick<Stack, 'id' | 'name'>
  region: string
  exports: ReadonlyMap<string, { value: string }>
  /** The resource as it stands, or throws Unresolved. Only asked for resources that the template makes. */
  resource(logicalId: string): Resource
}

/** What the names in a stack's template stand for. */
export function createScope(names: Names): Scope {
  const { template, input, stack } = names
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::NotificationARNs': input.notificationArns,
    'AWS::Partition': 'aws',
    'AWS::Region': names.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  }
  const scope: Scope = {
    mappings: template.Mappings,
    conditions: template.Conditions,
    parameter(name) {
      const declared = Object.hasOwn(template.Parameters, name) ? template.Parameters[name] : undefined
      return declared ? parameterValue(declared, input.parameters[name] ?? '') : pseudo[name]
    },
    ref: (logicalId) => made(logicalId).physicalId,
    attribute(logicalId, name) {
      const resource = made(logicalId)
      if (resourceType(resource.type).elsewhere)
        return attributeOf(resource, name, { region: names.region, account: ACCOUNT })
      const value = resource.attributes[name]
      if (value === undefined) throw validationError(`Resource ${logicalId} has no attribute ${name} yet`)
      return value
    },
    importValue(name) {
      const found = names.exports.get(name)
      if (!found) throw validationError(`No export named ${name} found. Rollback requested by user.`)
      return found.value
    },
  }
  const made = (logicalId: string) => {
    const declared = template.Resources[logicalId]
    if (!declared || !isWanted(declared.Condition, scope)) {
      throw validationError(
        `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
      )
    }
    return names.resource(logicalId)
  }
  return scope
}

/** Looks up resources that are made by the time they are asked for. */
export function madeBy(stack: Stack): (logicalId: string) => Resource {
  return (logicalId) => {
    const resource = stack.resources[logicalId]
    if (!resource) throw new Error(`${logicalId} was not made`)
    return resource
  }
}

/** Whether a resource or output with this condition is to be. */
export function isWanted(name: string | undefined, scope: Scope): boolean {
  return name === undefined || condition(name, scope)
}
