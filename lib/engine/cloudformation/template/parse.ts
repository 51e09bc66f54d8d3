import { messageOf, validationError } from '../errors'
import { DELETION_POLICIES, isObject, type Template, type TemplateResource } from './model'

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
])
const RESOURCE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
])
/** AWS has these; the engine does not. */
const UNSUPPORTED_SECTIONS = new Set(['Transform', 'Rules', 'Hooks'])
const UNSUPPORTED_ATTRIBUTES = new Set(['CreationPolicy', 'UpdatePolicy'])
const LOGICAL_ID = /^[A-Za-z0-9]+$/

/** The template, with the shape of its sections checked but nothing inside them. Throws ValidationError. */
export function parseTemplate(text: string): Template {
  const raw = parseJson(text)
  if (!isObject(raw)) throw formatError('unsupported structure.')
  const unsupported = Object.keys(raw).filter((name) => UNSUPPORTED_SECTIONS.has(name))
  if (unsupported.length > 0) throw formatError(`the local engine does not support [${unsupported}]`)
  const unknown = Object.keys(raw).filter((name) => !SECTIONS.has(name))
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`)
  }
  const resources = section(raw, 'Resources')
  if (Object.keys(resources).length === 0) {
    throw formatError('At least one Resources member must be defined.')
  }
  for (const [logicalId, resource] of Object.entries(resources)) checkResource(logicalId, resource)
  const outputs = section(raw, 'Outputs')
  for (const [key, output] of Object.entries(outputs)) {
    if (!isObject(output) || output['Value'] === undefined) {
      throw formatError(`Output ${key} must have a Value member.`)
    }
  }
  return {
    ...(typeof raw['Description'] === 'string' ? { Description: raw['Description'] } : {}),
    Parameters: section(raw, 'Parameters') as Template['Parameters'],
    Mappings: section(raw, 'Mappings') as Template['Mappings'],
    Conditions: section(raw, 'Conditions'),
    Resources: resources as Template['Resources'],
    Outputs: outputs as Template['Outputs'],
  }
}

/** The logical ids that must stand before this one because its author said so. */
export function explicitDependencies(resource: TemplateResource): string[] {
  return [resource.DependsOn ?? []].flat()
}

function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) {
    throw formatError('the local engine reads JSON templates only, and this one does not start with {')
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw formatError(`JSON not well-formed. (${messageOf(error)})`)
  }
}

function section(raw: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = raw[name] ?? {}
  if (!isObject(value)) throw formatError(`[/${name}] 'null' values or lists are not allowed in templates`)
  return value
}

function checkResource(logicalId: string, resource: unknown): void {
  if (!LOGICAL_ID.test(logicalId)) {
    throw formatError(`Resource name ${logicalId} is non alphanumeric.`)
  }
  if (!isObject(resource)) {
    throw formatError(`[/Resources/${logicalId}] every Resources object must be an object`)
  }
  if (typeof resource['Type'] !== 'string') {
    throw formatError(`[/Resources/${logicalId}] Every Resources object must contain a Type member.`)
  }
  for (const name of Object.keys(resource)) {
    if (RESOURCE_ATTRIBUTES.has(name)) continue
    const why = UNSUPPORTED_ATTRIBUTES.has(name) ? ', which the local engine does not support' : ''
    throw validationError(
      `Invalid template resource property '${name}' (resource ${logicalId}, ${resource['Type']})${why}`,
    )
  }
  if (resource['Properties'] !== undefined && !isObject(resource['Properties'])) {
    throw formatError(`[/Resources/${logicalId}/Properties] must be an object`)
  }
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
    const policy = resource[name]
    if (policy !== undefined && !(DELETION_POLICIES as readonly unknown[]).includes(policy)) {
      throw formatError(`Unrecognized ${name} ${JSON.stringify(policy)} for resource ${logicalId}`)
    }
  }
}

function formatError(message: string) {
  return validationError(`Template format error: ${message}`)
}
