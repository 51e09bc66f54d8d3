import { validationError } from '../errors'
import type { QueryValue } from '../query'
import { isObject, type Template, type TemplateParameter } from './model'

/** The text of each parameter: as given, as it was (UsePreviousValue), or its default. Throws ValidationError. */
export function resolveParameters(
  template: Template,
  given: QueryValue | undefined,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const values = givenValues(given, previous)
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(template.Parameters, name))
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`)
  }
  const missing: string[] = []
  const resolved: Record<string, string> = {}
  for (const [name, parameter] of Object.entries(template.Parameters)) {
    const value = values[name] ?? parameter.Default
    if (value === undefined) missing.push(name)
    else resolved[name] = checked(name, String(value), parameter)
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`)
  return resolved
}

/** What Ref makes of a parameter: a list for the list types. */
export function parameterValue(parameter: TemplateParameter, text: string): string | string[] {
  const isList = parameter.Type === 'CommaDelimitedList' || parameter.Type.startsWith('List<')
  return isList ? text.split(',').map((part) => part.trim()) : text
}

function givenValues(given: QueryValue | undefined, previous: Readonly<Record<string, string>>) {
  const values: Record<string, string> = {}
  for (const one of Array.isArray(given) ? given : []) {
    if (!isObject(one) || typeof one['ParameterKey'] !== 'string') continue
    const key = one['ParameterKey']
    if (one['UsePreviousValue'] !== 'true') {
      values[key] = String(one['ParameterValue'] ?? '')
      continue
    }
    const before = previous[key]
    if (before === undefined) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot use previous value: there is none`,
      )
    }
    values[key] = before
  }
  return values
}

function checked(name: string, value: string, parameter: TemplateParameter): string {
  const allowed = parameter.AllowedValues?.map(String)
  if (allowed && !allowed.includes(value)) {
    throw validationError(`Parameter '${name}' must be one of AllowedValues`)
  }
  if (
    parameter.AllowedPattern !== undefined &&
    !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(value)
  ) {
    const why = parameter.ConstraintDescription ?? `must match pattern ${parameter.AllowedPattern}`
    throw validationError(`Parameter '${name}' ${why}`)
  }
  if (parameter.Type === 'Number' && !Number.isFinite(Number(value))) {
    throw validationError(`Parameter '${name}' must be a number`)
  }
  return value
}
