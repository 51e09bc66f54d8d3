import * as z from 'zod/mini'

export const ALERT_KINDS = ['failed', 'late', 'missed', 'stuck', 'recovered'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]
/** What is wrong; `recovered` is said when none of it is any more. */
export type Trouble = Exclude<AlertKind, 'recovered'>

/** Failures in a row that an alert may wait for. Their runs are listed in the lock, which is to stay small. */
export const MAX_AFTER = 20
/** In seconds. */
export const MAX_ALERT_TIME = 30 * 86_400

/** What names a topic or a webhook in a definition: its address stands in the alerter's environment alone. */
const channel = z.string().check(z.regex(/^[0-9a-f]{8}$/))
const seconds = z.number().check(z.minimum(1), z.maximum(MAX_ALERT_TIME))

/** Of which troubles of a task somebody wants to hear, and where. It travels in the definition. Times in seconds. */
export const AlertPolicy = z.object({
  on: z.array(z.enum(ALERT_KINDS)),
  /** So many runs in a row must have failed before `failed` is said. */
  after: z.int().check(z.minimum(1), z.maximum(MAX_AFTER)),
  /** `late`: still waiting so long after its tick. */
  startGrace: seconds,
  /** `stuck`: not ended so long after its first attempt began. */
  maxRuntime: z.optional(seconds),
  /** Said again after so long, while it is not good again. */
  remind: z.optional(seconds),
  topic: z.optional(channel),
  webhook: z.optional(channel),
  events: z.optional(z.literal(true)),
})
export type AlertPolicy = z.infer<typeof AlertPolicy>

/** Of a run's end nothing is to be learned of these: a watcher looks for them. */
const WATCHED: readonly AlertKind[] = ['late', 'missed', 'stuck']

export function isWatched({ on }: AlertPolicy): boolean {
  return on.some((kind) => WATCHED.includes(kind))
}

/** `topic:HASH`, `webhook:HASH` and `events`. */
export function channelsOf({ topic, webhook, events }: AlertPolicy): string[] {
  return [
    ...(topic === undefined ? [] : [`topic:${topic}`]),
    ...(webhook === undefined ? [] : [`webhook:${webhook}`]),
    ...(events === undefined ? [] : ['events']),
  ]
}
