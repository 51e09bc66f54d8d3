import * as z from 'zod/mini'

export const OVERLAPS = ['latest', 'queue', 'skip'] as const
export const TARGETS = ['wrapped', 'operator', 'plain'] as const

/** At least one try; `attempts` counts all of them, the first included. Times in seconds. */
export const Retry = z.object({
  attempts: z.int().check(z.minimum(1)),
  delay: z.number().check(z.minimum(0)),
  backoff: z.number().check(z.minimum(1)),
  maxDelay: z.number().check(z.minimum(0)),
})

/**
 * What a run needs to know of its task. It travels in the schedule's input, so a run carries the definition it was
 * made with, and stands in the run's record. Kept small: a record's size is what its writes cost. All times in seconds.
 */
export const Definition = z.object({
  /** Name or ARN, as Lambda's Invoke takes it. */
  function: z.string(),
  qualifier: z.string(),
  target: z.enum(TARGETS),
  /** Deployed elsewhere: we may not set its event age, retries or loop detection. */
  foreign: z.optional(z.boolean()),
  concurrency: z.int().check(z.minimum(1), z.maximum(100)),
  overlap: z.enum(OVERLAPS),
  /** How old a tick may be when its turn comes; null: any age. */
  startWithin: z.nullable(z.number()),
  /** The limit of one attempt. */
  timeout: z.number(),
  /** The function's own time-out, which bounds how long a body can live. 1 to 900. */
  functionTimeout: z.number(),
  retry: Retry,
  failOn: z.array(z.string()),
  except: z.array(z.string()),
  logGroup: z.string(),
  /** `SERVICE-STAGE` where the log group is the task's own. */
  ownGroupPrefix: z.optional(z.string()),
  /** Days a record is kept after its end. */
  retention: z.int(),
})
export type Definition = z.infer<typeof Definition>
