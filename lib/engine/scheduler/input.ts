import { violated } from '../constraint'
import { invalid } from './errors'

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/

export function required<T>(value: T | undefined | null, member: string): T {
  if (value === undefined || value === null) throw invalid(violated(member, value, 'not be null'))
  return value
}

export function name(value: unknown, member: string): string {
  return matching(value, member, NAME)
}

export function matching(value: unknown, member: string, pattern: RegExp): string {
  if (typeof required(value, member) !== 'string' || !pattern.test(value as string)) {
    throw invalid(violated(member, value, `satisfy regular expression pattern: ${pattern.source}`))
  }
  return value as string
}

/** Of at least `least` and at most `most` characters. */
export function text(value: unknown, member: string, least: number, most: number): string {
  const found = required(value, member)
  if (typeof found !== 'string' || found.length < least) {
    throw invalid(violated(member, found, `have length greater than or equal to ${least}`))
  }
  if (found.length > most) throw invalid(violated(member, found, `have length less than or equal to ${most}`))
  return found
}

export function oneOf<T extends string>(value: unknown, member: string, values: readonly T[]): T {
  if (!values.includes(required(value, member) as T)) {
    throw invalid(violated(member, value, `satisfy enum value set: [${values.join(', ')}]`))
  }
  return value as T
}

export function whole(value: unknown, member: string, least: number, most: number): number {
  const number = required(value, member)
  if (!Number.isInteger(number)) throw invalid(violated(member, number, 'be a whole number'))
  if ((number as number) < least)
    throw invalid(violated(member, number, `have value greater than or equal to ${least}`))
  if ((number as number) > most)
    throw invalid(violated(member, number, `have value less than or equal to ${most}`))
  return number as number
}

/** A time of the wire, which is in seconds, in epoch ms. */
export function time(value: unknown, member: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalid(violated(member, value, 'be a timestamp'))
  return value * 1000
}
