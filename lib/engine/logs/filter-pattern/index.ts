import { invalidParameter } from '../errors'
import { jsonPattern } from './json'
import type { Matcher } from './matcher'
import { spaceDelimitedPattern } from './space-delimited'
import { termsPattern } from './terms'

export type { Matcher } from './matcher'

const LONGEST = 1024

/**
 * Reads a filter pattern once; what comes back says whether a message matches. The syntax is that of the CloudWatch Logs User
 * Guide, "Filter pattern syntax": `{…}` for JSON, `[…]` for space-delimited fields, else terms. An empty pattern matches
 * all.
 *
 * @throws {ApiError} InvalidParameterException
 */
export function parseFilterPattern(pattern: string): Matcher {
  if (pattern.length > LONGEST) {
    throw invalidParameter(
      `1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must have length ` +
        `less than or equal to ${LONGEST}`,
    )
  }
  const text = pattern.trim()
  if (text.startsWith('{')) return jsonPattern(text)
  if (text.startsWith('[')) return spaceDelimitedPattern(text)
  return termsPattern(text)
}
