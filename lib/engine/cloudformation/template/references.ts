import { validationError } from '../errors'
import { isObject } from './model'

/** A mention of a resource or parameter; `attribute` where it is by Fn::GetAtt or `${Id.Attribute}`. */
export type Reference = { target: string; attribute?: string }

/** `${Name}` or `${Id.Attribute}`; `${!Literal}` stands for `${Literal}`. */
export const SUB_VARIABLE = /\$\{([^}]+)\}/g

/** Every intrinsic function's name, or undefined for plain data. */
export function intrinsicName(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return undefined
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? name : undefined
}

/** All that `value` mentions, in both arms of every Fn::If. Pseudo parameters are left out. */
export function referencesOf(value: unknown): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf)
  if (!isObject(value)) return []
  const name = intrinsicName(value)
  const argument = name === undefined ? undefined : value[name]
  if (name === 'Ref') return named(String(argument))
  if (name === 'Fn::GetAtt') {
    const [target, attribute] = attributeArguments(argument)
    return [{ target, attribute }]
  }
  if (name === 'Fn::Sub') return subReferences(argument)
  return Object.values(value).flatMap(referencesOf)
}

/** Both ways of writing Fn::GetAtt: `[Id, Attribute]` and `Id.Attribute`. */
export function attributeArguments(argument: unknown): [string, string] {
  const parts = typeof argument === 'string' ? splitOnce(argument) : argument
  if (Array.isArray(parts) && parts.length >= 2 && parts.every((part) => typeof part === 'string')) {
    const [target = '', ...attribute] = parts
    return [target, attribute.join('.')]
  }
  throw validationError(
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  )
}

/** The text and the variables of its own of an Fn::Sub. */
export function subArguments(argument: unknown): { text: string; variables: Record<string, unknown> } {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
  if (typeof text === 'string' && isObject(variables)) return { text, variables }
  throw validationError(
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
  )
}

export function splitOnce(text: string): string[] {
  const dot = text.indexOf('.')
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

function subReferences(argument: unknown): Reference[] {
  const { text, variables } = subArguments(argument)
  const mentioned = [...text.matchAll(SUB_VARIABLE)]
    .map(([, variable = '']) => variable.trim())
    .filter((variable) => !variable.startsWith('!') && !(variable in variables))
    .flatMap((variable) => {
      const [target = '', attribute] = splitOnce(variable)
      return attribute === undefined ? named(target) : [{ target, attribute }]
    })
  return [...mentioned, ...referencesOf(variables)]
}

function named(target: string): Reference[] {
  return target.startsWith('AWS::') ? [] : [{ target }]
}
