import * as z from 'zod/mini'
import { TARGETS } from './definition'

/** What a target is told of its run, beside `group_name` and `stream_name`. Times in epoch ms unless ISO is said. */
export const SlipstreamPayload = z.object({
  task: z.string(),
  run: z.string(),
  attempt: z.int(),
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
