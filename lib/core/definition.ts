import * as z from 'zod/mini'
import { AlertPolicy } from './alerts/policy'
import { isProperUnicode } from './text'

/** Of a version or an alias (Lambda API reference, Invoke, Qualifier). It stands in the names of streams. */
export const QUALIFIER = /^(\$LATEST|[0-9A-Za-z\-_]{1,128})$/

export const OVERLAPS = ['latest', 'queue', 'skip'] as const
export const TARGETS = ['wrapped', 'operator', 'plain'] as const
export type Target = (typeof TARGETS)[number]

/** CloudWatch Logs API reference, CreateLogGroup, logGroupName. */
export const LOG_GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/
/** `SERVICE-STAGE`. */
const PREFIX = /^[0-9A-Za-z_-]{1,64}$/

/** Lambda's longest time-out, in seconds. */
export const MAX_TIMEOUT = 900
export const MAX_ATTEMPTS = 100
/** In seconds: as many as JavaScript counts. */
export const MAX_START_WITHIN = Number.MAX_SAFE_INTEGER
const WEEK = 7 * 86_400

/** What DynamoDB holds: nothing between 0 and a millisecond. */
const seconds = (low: number, high: number) =>
  z.number().check(
    z.minimum(low),
    z.maximum(high),
    z.refine((value) => value === 0 || value >= 0.001, 'must be 0 or at least a millisecond'),
  )

/** At least one try; `attempts` counts all of them, the first included. Times in seconds. */
const Retry = z.object({
  attempts: z.int().check(z.minimum(1), z.maximum(MAX_ATTEMPTS)),
  delay: seconds(0, WEEK),
  backoff: z.number().check(z.minimum(1), z.maximum(10)),
  maxDelay: seconds(0, WEEK),
})

const term = z.string().check(z.minLength(1), z.refine(isProperUnicode))

/**
 * What a run needs to know of its task. It travels in the schedule's input, so a run carries the definition it was
 * made with, and stands in the run's record. Kept small: a record's size is what its writes cost. All times in seconds.
 */
export const Definition = z.object({
  /** Name or ARN, as Lambda's Invoke takes it. */
  function: z.string().check(z.regex(/^[0-9A-Za-z:_\-.$]{1,170}$/)),
  qualifier: z.string().check(z.regex(QUALIFIER)),
  target: z.enum(TARGETS),
  /** Deployed elsewhere: we may not set its event age, retries or loop detection. */
  foreign: z.optional(z.boolean()),
  /** In subnets of the user's, from which there may be no way to its log. */
  vpc: z.optional(z.boolean()),
  concurrency: z.int().check(z.minimum(1), z.maximum(100)),
  overlap: z.enum(OVERLAPS),
  /** Between two ticks, where they are regular and not switched off. */
  every: z.optional(z.int().check(z.minimum(1))),
  /** How old a tick may be when its turn comes; null: any age. */
  startWithin: z.nullable(seconds(0, MAX_START_WITHIN)),
  /** The limit of one attempt. */
  timeout: seconds(0.001, MAX_TIMEOUT),
  /** The function's own time-out, which bounds how long a body can live. 1 to 900. */
  functionTimeout: seconds(1, MAX_TIMEOUT),
  retry: Retry,
  /** An empty term would be contained in every line. */
  failOn: z.array(term),
  except: z.array(term),
  logGroup: z.string().check(z.regex(LOG_GROUP)),
  /** `SERVICE-STAGE` where the log group is the task's own. */
  ownGroupPrefix: z.optional(z.string().check(z.regex(PREFIX))),
  /** Days a record is kept after its end. */
  retention: z.int().check(z.minimum(1), z.maximum(3650)),
  /** Absent where nobody wants to hear of its troubles. */
  alerts: z.optional(AlertPolicy),
})
export type Definition = z.infer<typeof Definition>
