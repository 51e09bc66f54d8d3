import type { ApiError } from '../../api'
import { invalidParameter } from '../errors'

/** Whether the message of a log event matches. */
export type Matcher = (message: string) => boolean

export function invalidPattern(why: string): ApiError {
  return invalidParameter(`Invalid filter pattern: ${why}`)
}
