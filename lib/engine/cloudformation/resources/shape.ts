import { isObject } from '../template/model'
import { intrinsicName } from '../template/references'

/** The form of a property's value. `json` is anything; it is passed on as it is. */
export type Shape =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'json'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly required?: readonly string[] }

export const strings = { list: 'string' } as const satisfies Shape

/** Tags of a resource: the engine keeps them with the stack. */
export const tagList = {
  list: { fields: { Key: 'string', Value: 'string' }, required: ['Key', 'Value'] },
} as const satisfies Shape

export type Conformed = { value: unknown; problems: string[] }

/**
 * `value` in the form that `shape` asks for; CloudFormation takes `"6"` for an integer and `6` for a string.
 * Problems are worded as CloudFormation's resource handlers word them, with `path` as in `#/Code/S3Key`.
 * With `intrinsics` the value is of a template not evaluated yet: functions are let pass.
 */
export function conform(value: unknown, shape: Shape, path: string, intrinsics: boolean): Conformed {
  if (intrinsics && intrinsicName(value) !== undefined) return { value, problems: [] }
  if (typeof shape === 'string') return scalar(value, shape, path)
  if ('list' in shape) {
    if (!Array.isArray(value)) return wrong(value, 'JSONArray', path)
    const members = value.map((member, index) => conform(member, shape.list, `${path}/${index}`, intrinsics))
    return { value: members.map((member) => member.value), problems: members.flatMap((one) => one.problems) }
  }
  if (!isObject(value)) return wrong(value, 'JSONObject', path)
  const problems: string[] = []
  const result: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    const memberShape = 'map' in shape ? shape.map : own(shape.fields, name)
    if (memberShape === undefined) {
      problems.push(`${path}: extraneous key [${name}] is not permitted`)
      continue
    }
    const conformed = conform(member, memberShape, `${path}/${name}`, intrinsics)
    result[name] = conformed.value
    problems.push(...conformed.problems)
  }
  const required = 'fields' in shape ? (shape.required ?? []) : []
  for (const name of required) {
    if (!Object.hasOwn(value, name)) problems.push(`${path}: required key [${name}] not found`)
  }
  return { value: result, problems }
}

function scalar(value: unknown, shape: string, path: string): Conformed {
  const text = typeof value === 'object' || value === undefined ? undefined : String(value)
  switch (shape) {
    case 'json':
      return { value, problems: [] }
    case 'string':
      return text === undefined ? wrong(value, 'String', path) : { value: text, problems: [] }
    case 'boolean':
      if (text !== 'true' && text !== 'false') return wrong(value, 'Boolean', path)
      return { value: text === 'true', problems: [] }
    default: {
      const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
      const fits = shape === 'integer' ? Number.isInteger(number) : Number.isFinite(number)
      if (!fits) return wrong(value, shape === 'integer' ? 'Integer' : 'Number', path)
      return { value: number, problems: [] }
    }
  }
}

function wrong(value: unknown, expected: string, path: string): Conformed {
  const found = Array.isArray(value) ? 'JSONArray' : isObject(value) ? 'JSONObject' : capital(typeof value)
  return { value, problems: [`${path}: expected type: ${expected}, found: ${found}`] }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
