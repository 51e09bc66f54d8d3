import { invalidParameter } from './errors'

/** A page of names in order; the token is the last name of the page, so what is made or deleted meanwhile shifts nothing. */
export function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  size: number,
  token?: string,
): { items: T[]; nextToken?: string } {
  const after = token === undefined ? -1 : items.findIndex((item) => keyOf(item) === decode(token))
  if (token !== undefined && after < 0) throw invalidParameter('The specified nextToken is invalid.')
  const found = items.slice(after + 1, after + 1 + size)
  const last = found.at(-1)
  const more = after + 1 + size < items.length
  return { items: found, ...(more && last !== undefined && { nextToken: encode(keyOf(last)) }) }
}

const encode = (key: string) => Buffer.from(key).toString('base64')
const decode = (token: string) => Buffer.from(token, 'base64').toString()
