import * as z from 'zod/mini'

/** Of a version or an alias (Lambda API reference, Invoke, Qualifier). It stands in the names of streams. */
export const QUALIFIER = /^(\$LATEST|[0-9A-Za-z\-_]{1,128})$/

export const OVERLAPS = ['latest', 'queue', 'skip'] as const
export const TARGETS = ['wrapped', 'operator', 'plain'] as const
export type Target = (typeof TARGETS)[number]

/** Lambda's longest time-out, in seconds. */
export const MAX_TIMEOUT = 900
export const MAX_ATTEMPTS = 100
const WEEK = 7 * 86_400

/** At least one try; `attempts` counts all of them, the first included. Times in seconds. */
export const Retry = z.object({
  attempts: z.int().check(z.minimum(1), z.maximum(MAX_ATTEMPTS)),
  delay: z.number().check(z.minimum(0), z.maximum(WEEK)),
  backoff: z.number().check(z.minimum(1), z.maximum(10)),
  maxDelay: z.number().check(z.minimum(0), z.maximum(WEEK)),
})

/**
 * What a run needs to know of its task. It travels in the schedule's input, so a run carries the definition it was
 * made with, and stands in the run's record. Kept small: a record's size is what its writes cost. All times in seconds.
 */
export const Definition = z.object({
  /** Name or ARN, as Lambda's Invoke takes it. */
  function: z.string().check(z.minLength(1)),
  qualifier: z.string().check(z.regex(QUALIFIER)),
  target: z.enum(TARGETS),
  /** Deployed elsewhere: we may not set its event age, retries or loop detection. */
  foreign: z.optional(z.boolean()),
  concurrency: z.int().check(z.minimum(1), z.maximum(100)),
  overlap: z.enum(OVERLAPS),
  /** How old a tick may be when its turn comes; null: any age. */
  startWithin: z.nullable(z.number().check(z.minimum(0))),
  /** The limit of one attempt. */
  timeout: z.number().check(z.gt(0), z.maximum(MAX_TIMEOUT)),
  /** The function's own time-out, which bounds how long a body can live. 1 to 900. */
  functionTimeout: z.number().check(z.minimum(1), z.maximum(MAX_TIMEOUT)),
  retry: Retry,
  /** An empty term would be contained in every line. */
  failOn: z.array(z.string().check(z.minLength(1))),
  except: z.array(z.string().check(z.minLength(1))),
  logGroup: z.string(),
  /** `SERVICE-STAGE` where the log group is the task's own. */
  ownGroupPrefix: z.optional(z.string()),
  /** Days a record is kept after its end. */
  retention: z.int().check(z.minimum(1), z.maximum(3650)),
})
export type Definition = z.infer<typeof Definition>
