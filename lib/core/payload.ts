import * as z from 'zod/mini'
import { TARGETS } from './definition'
import { RUN_KEY, TASK_NAME } from './names'
import { isProperUnicode } from './text'

/** What a target is told of its run, beside `group_name` and `stream_name`. Times in epoch ms unless ISO is said. */
export const SlipstreamPayload = z.object({
  task: z.string().check(z.regex(TASK_NAME)),
  run: z.string().check(z.regex(RUN_KEY)),
  attempt: z.int().check(z.minimum(1)),
  /** ISO 8601: the tick. */
  scheduledAt: z.string(),
  /** schedule, manual, backfill or rerun. */
  trigger: z.string(),
  target: z.enum(TARGETS),
  /** The body may not start after this. */
  startBy: z.number(),
  /** Until when the slot is held for this attempt; the body must be over a grace before that. */
  until: z.number(),
  /** Seconds: the attempt's own limit, at most the function's time-out. */
  timeout: z.number(),
  failOn: z.array(z.string()),
  except: z.array(z.string()),
})
export type SlipstreamPayload = z.infer<typeof SlipstreamPayload>

/** The event of a target: the user's payload with these at its top level. */
export const TargetPayload = z.looseObject({
  group_name: z.string(),
  stream_name: z.string(),
  slipstream: SlipstreamPayload,
})
export type TargetPayload = z.infer<typeof TargetPayload>

/** The keys of a target's event that tell of its run: a user's payload must not have them. */
export const RESERVED_KEYS = [
  'group_name',
  'stream_name',
  'slipstream',
] as const satisfies (keyof TargetPayload)[]

/** DynamoDB nests 32 levels deep (Developer Guide, Constraints); the record and its attribute are two of them. */
const MAX_DEPTH = 30
/** The smallest positive number that DynamoDB holds (Developer Guide, HowItWorks.NamingRulesDataTypes). */
const SMALLEST = 1e-130
/** No payload that fits into a schedule's input of 256 KiB has more values. */
const MAX_VALUES = 262_144

export type PayloadFault = { path: string[]; rule: string }

/**
 * Why the user's payload could not travel unchanged from a schedule through the queue and the run's record to the
 * target; undefined where it can. Better refused than found out by a run whose record cannot be written. Says where and
 * which rule, never the value: a payload may hold secrets.
 */
export function payloadFault(payload: unknown): PayloadFault | undefined {
  let values = 0
  const visit = (value: unknown, path: string[]): PayloadFault | undefined => {
    if (++values > MAX_VALUES) return { path: [], rule: `must not have more than ${MAX_VALUES} values` }
    const rule = ruleFor(value) ?? (path.length > MAX_DEPTH ? TOO_DEEP : undefined)
    if (rule !== undefined) return { path, rule }
    if (typeof value !== 'object' || value === null || value instanceof Date) return undefined
    for (const [key, inner] of Object.entries(value)) {
      if (key === '' || key === '__proto__' || !isProperUnicode(key))
        return { path, rule: 'must not have a key that is empty, "__proto__" or no proper Unicode' }
      // The SDK asks a value for its constructor's name, to tell a set or a number of its own.
      if (key === 'constructor' && typeof inner === 'object')
        return { path: [...path, key], rule: 'must be a word or a number; give a map or a list another name' }
      const fault = visit(inner, [...path, key])
      if (fault) return fault
    }
    return undefined
  }
  return visit(payload, [])
}

const TOO_DEEP = `must not be nested more than ${MAX_DEPTH} levels deep`

function ruleFor(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return !isProperUnicode(value) ? 'must be proper Unicode, without half of a surrogate pair' : undefined
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= SMALLEST)
        ? undefined
        : 'must be a number that is kept exactly, at most 2^53 - 1 (9007199254740991); write a larger one as a text'
    case 'bigint':
    case 'function':
    case 'symbol':
      return NOT_JSON
    case 'object':
      return value === null || JSON_OBJECTS.includes(Object.prototype.toString.call(value))
        ? undefined
        : NOT_JSON
    default:
      return undefined
  }
}

const NOT_JSON = 'must be a value that JSON can hold'
/** A date that YAML found is written as ISO 8601. */
const JSON_OBJECTS = ['[object Object]', '[object Array]', '[object Date]']
