import { violated } from '../constraint'
import { invalidParameter } from './errors'

const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/
/** Also of filter names (botocore, shapes LogStreamName and FilterName). */
const STREAM_NAME = /^[^:*]{1,512}$/
const LOG_GROUP_ARN = /^arn:[\w-]+:logs:[\w-]*:\d*:log-group:([^:]+)(?::\*)?$/

const constraint = (member: string, value: unknown, rule: string) =>
  invalidParameter(violated(member, value, rule))

export function required<T>(value: T | undefined | null, member: string): T {
  if (value === undefined || value === null) throw constraint(member, value, 'not be null')
  return value
}

function matching(value: string | undefined, member: string, pattern: RegExp): string {
  const text = required(value, member)
  if (typeof text !== 'string' || !pattern.test(text)) {
    throw constraint(member, text, `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`)
  }
  return text
}

export const groupName = (value: string | undefined) => matching(value, 'logGroupName', GROUP_NAME)

export const streamName = (value: string | undefined) => matching(value, 'logStreamName', STREAM_NAME)

export const filterName = (value: string | undefined) => matching(value, 'filterName', STREAM_NAME)

/** The group that a request names by name, or by `logGroupIdentifier`: a name or an ARN, with or without its `:*`. */
export function groupOf(input: {
  logGroupName?: string | undefined
  logGroupIdentifier?: string | undefined
}) {
  if (input.logGroupIdentifier === undefined) return groupName(input.logGroupName)
  if (input.logGroupName !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.')
  }
  return groupOfArn(input.logGroupIdentifier) ?? groupName(input.logGroupIdentifier)
}

/** undefined for what is not a log group's ARN. */
export function groupOfArn(arn: string): string | undefined {
  return LOG_GROUP_ARN.exec(arn)?.[1]
}

/** A page's size, from 1 to `most`, which is also the default where none is given. */
export function limit(value: number | undefined, most: number): number {
  if (value === undefined || value === null) return most
  if (!Number.isInteger(value) || value < 1)
    throw constraint('limit', value, 'have value greater than or equal to 1')
  if (value > most) throw constraint('limit', value, `have value less than or equal to ${most}`)
  return value
}

export function oneOf<T extends string>(
  value: string | undefined,
  member: string,
  values: readonly T[],
): T | undefined {
  if (value === undefined || value === null) return undefined
  if (!(values as readonly string[]).includes(value)) {
    throw constraint(member, value, `satisfy enum value set: [${values.join(', ')}]`)
  }
  return value as T
}
