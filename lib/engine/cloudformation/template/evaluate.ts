import { validationError } from '../errors'
import { isObject, type Template } from './model'
import { attributeArguments, intrinsicName, SUB_VARIABLE, splitOnce, subArguments } from './references'

/** What the names in a template stand for while it is evaluated. */
export type Scope = {
  mappings: Template['Mappings']
  conditions: Record<string, unknown>
  /** Parameters and pseudo parameters; undefined for a name that is neither. */
  parameter(name: string): unknown
  /** Throw `Unresolved` for what is not known yet. */
  ref(logicalId: string): unknown
  attribute(logicalId: string, name: string): unknown
  importValue(name: string): unknown
}

/** `AWS::NoValue`: the property or list member that evaluates to it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue')

/** Thrown where a value hangs on a resource that is still to be made, so that it is known only at execution. */
export class Unresolved extends Error {
  constructor(readonly logicalId: string) {
    super(`${logicalId} is not made yet`)
  }
}

/** `value` with all intrinsic functions replaced by what they stand for. Throws ValidationError or Unresolved. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((member) => evaluate(member, scope)).filter((member) => member !== NO_VALUE)
  }
  if (!isObject(value)) return value
  const name = intrinsicName(value)
  if (name !== undefined) {
    const intrinsic = INTRINSICS[name]
    if (!intrinsic) throw templateError(`the local engine does not support ${name}`)
    return intrinsic(value[name], scope)
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, evaluate(member, scope)] as const)
      .filter(([, member]) => member !== NO_VALUE),
  )
}

/** Whether the engine can evaluate this function. */
export function isKnownIntrinsic(name: string): boolean {
  return Object.hasOwn(INTRINSICS, name)
}

/** The value of a condition of the template's `Conditions`. */
export function condition(name: string, scope: Scope, seen: readonly string[] = []): boolean {
  if (!Object.hasOwn(scope.conditions, name)) {
    throw validationError(`Template format error: Unresolved condition dependency ${name}`)
  }
  if (seen.includes(name)) {
    throw validationError(`Template format error: Circular dependencies for condition ${name}`)
  }
  return conditionValue(scope.conditions[name], scope, [...seen, name])
}

const CONDITION_FUNCTIONS = new Set(['Condition', 'Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'])

/** A boolean expression: a condition function, or the name of a condition where AWS allows it. */
function conditionValue(value: unknown, scope: Scope, seen: readonly string[] = []): boolean {
  const name = intrinsicName(value)
  if (name === undefined || !CONDITION_FUNCTIONS.has(name) || !isObject(value)) {
    throw templateError('a condition must be made of Fn::And, Fn::Or, Fn::Not, Fn::Equals and Condition')
  }
  const argument = value[name]
  const members = Array.isArray(argument) ? argument : []
  switch (name) {
    case 'Condition':
      return condition(String(argument), scope, seen)
    case 'Fn::And':
      return members.every((member) => conditionValue(member, scope, seen))
    case 'Fn::Or':
      return members.some((member) => conditionValue(member, scope, seen))
    case 'Fn::Not':
      return !conditionValue(members[0], scope, seen)
    default: {
      const [left, right] = members.map((member) => evaluate(member, scope))
      return typeof left === 'object' || typeof right === 'object'
        ? JSON.stringify(left) === JSON.stringify(right)
        : String(left) === String(right)
    }
  }
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (argument, scope) => {
    const name = String(argument)
    if (name === 'AWS::NoValue') return NO_VALUE
    const parameter = scope.parameter(name)
    return parameter === undefined ? scope.ref(name) : parameter
  },

  'Fn::GetAtt': (argument, scope) => scope.attribute(...attributeArguments(argument)),

  'Fn::Sub': (argument, scope) => {
    const { text, variables } = subArguments(argument)
    return text.replace(SUB_VARIABLE, (whole, variable: string) => {
      const name = variable.trim()
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      if (Object.hasOwn(variables, name)) return textOf(evaluate(variables[name], scope), whole)
      const [target = '', attribute] = splitOnce(name)
      if (attribute !== undefined) return textOf(scope.attribute(target, attribute), whole)
      return textOf(evaluate({ Ref: name }, scope), whole)
    })
  },

  'Fn::Join': (argument, scope) => {
    const [separator, parts] = pair('Fn::Join', argument)
    const values = evaluate(parts, scope)
    if (typeof separator !== 'string' || !Array.isArray(values)) {
      throw templateError(
        'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined',
      )
    }
    return values.map((value) => textOf(value, 'Fn::Join')).join(separator)
  },

  'Fn::Select': (argument, scope) => {
    const [index, list] = pair('Fn::Select', argument)
    const position = Number(evaluate(index, scope))
    const values = evaluate(list, scope)
    if (!Array.isArray(values) || !Number.isInteger(position) || position < 0 || position >= values.length) {
      throw templateError(`Fn::Select cannot select nonexistent value at index ${String(position)}`)
    }
    return values[position]
  },

  'Fn::Split': (argument, scope) => {
    const [separator, source] = pair('Fn::Split', argument)
    if (typeof separator !== 'string' || separator === '') {
      throw templateError('every Fn::Split object requires a non-empty string delimiter')
    }
    return textOf(evaluate(source, scope), 'Fn::Split').split(separator)
  },

  'Fn::If': (argument, scope) => {
    if (!Array.isArray(argument) || argument.length !== 3) {
      throw templateError('Fn::If requires a list argument with three elements')
    }
    const [name, whenTrue, whenFalse] = argument
    return evaluate(condition(String(name), scope) ? whenTrue : whenFalse, scope)
  },

  'Fn::FindInMap': (argument, scope) => {
    const keys = evaluate(argument, scope)
    if (!Array.isArray(keys) || keys.length !== 3) {
      throw templateError('Fn::FindInMap requires a map name and two keys')
    }
    const [map, top, second] = keys.map(String) as [string, string, string]
    const found = scope.mappings[map]?.[top]?.[second]
    if (found === undefined) {
      throw templateError(`Unable to get mapping for ${map}::${top}::${second}`)
    }
    return found
  },

  'Fn::ImportValue': (argument, scope) => scope.importValue(String(evaluate(argument, scope))),

  'Fn::Base64': (argument, scope) =>
    Buffer.from(textOf(evaluate(argument, scope), 'Fn::Base64')).toString('base64'),

  Condition: (argument, scope) => condition(String(argument), scope),
}

function pair(name: string, argument: unknown): [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2) {
    throw templateError(`every ${name} object requires two parameters`)
  }
  return [argument[0], argument[1]]
}

function textOf(value: unknown, where: string): string {
  if (typeof value === 'object' || typeof value === 'symbol' || value === undefined) {
    throw templateError(`${where} needs text where it has ${Array.isArray(value) ? 'a list' : 'no text'}`)
  }
  return String(value)
}

function templateError(message: string) {
  return validationError(`Template error: ${message}`)
}
