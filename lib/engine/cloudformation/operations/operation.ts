import { validationError } from '../errors'
import type { QueryObject } from '../query'
import type { StackRunner } from '../runner'
import type { XmlObject } from '../xml'

/** One action of the API: the members of its result, or undefined where it has none. */
export type Operation = (
  input: QueryObject,
  runner: StackRunner,
) => Promise<XmlObject | undefined> | XmlObject | undefined

/** A required member of the request. Throws ValidationError in the words of the Query protocol's checks. */
export function required(input: QueryObject, name: string): string {
  const value = optional(input, name)
  if (value !== undefined) return value
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

export function optional(input: QueryObject, name: string): string | undefined {
  const value = input[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A page of `all` and the token of the next one, which is its offset. */
export function page<T>(
  all: readonly T[],
  input: QueryObject,
  size = 100,
): { items: T[]; NextToken?: string } {
  const from = Number(optional(input, 'NextToken') ?? 0)
  if (!Number.isInteger(from) || from < 0) throw validationError('Invalid NextToken')
  const items = all.slice(from, from + size)
  return from + size < all.length ? { items, NextToken: String(from + size) } : { items }
}

export const date = (epochMs: number) => new Date(epochMs)
