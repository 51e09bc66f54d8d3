import { invalid } from './errors'
import { whole } from './input'

/** The token is the key of the page's last item, so what is made or deleted meanwhile shifts nothing. `items` are in the order of `keyOf`. */
export function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  query: URLSearchParams,
): { items: T[]; NextToken?: string } {
  const most = query.get('MaxResults')
  const size = most === null ? 100 : whole(Number(most), 'maxResults', 1, 100)
  const token = query.get('NextToken')
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString()
  if (token !== null && after === '') throw invalid('Invalid NextToken.')
  const left = items.filter((item) => keyOf(item) > after)
  const found = left.slice(0, size)
  const last = found.at(-1)
  return {
    items: found,
    ...(last !== undefined &&
      left.length > size && { NextToken: Buffer.from(keyOf(last)).toString('base64url') }),
  }
}
