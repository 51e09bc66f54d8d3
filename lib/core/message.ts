import * as z from 'zod/mini'
import { Definition } from './definition'
import { TASK_NAME } from './names'

const RUN_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const task = z.string().check(z.regex(TASK_NAME))
const run = z.string().check(z.regex(RUN_KEY))
const attempt = z.int().check(z.minimum(1))

/** EventBridge Scheduler replaces this with the tick's time, whole seconds, UTC (User Guide, context attributes). */
export const SCHEDULED_TIME_PLACEHOLDER = '<aws.scheduler.scheduled-time>'

const payload = z.optional(z.record(z.string(), z.unknown()))

/**
 * A schedule's input. With `everySeconds` it comes from a schedule that fires once a minute and stands for the ticks
 * that are due in the minute after `scheduledAt`'s: the multiples of `everySeconds` since the epoch.
 */
export const TickMessage = z.object({
  kind: z.literal('tick'),
  task,
  scheduledAt: z.string(),
  everySeconds: z.optional(z.int().check(z.minimum(1))),
  definition: Definition,
  payload,
})

/** A run asked for by hand, by backfill or as a rerun. It goes through the same lock as a tick. */
export const RunMessage = z.object({
  kind: z.literal('run'),
  task,
  run,
  scheduledAt: z.string(),
  trigger: z.enum(['manual', 'backfill', 'rerun']),
  triggeredBy: z.optional(z.string()),
  rerunOf: z.optional(run),
  definition: Definition,
  payload,
})

/** The slot was handed to this run. */
export const NextMessage = z.object({ kind: z.literal('next'), task, run })

/** Start attempt `attempt`, not before `notBefore` (epoch ms). */
export const RetryMessage = z.object({ kind: z.literal('retry'), task, run, attempt, notBefore: z.number() })

/**
 * Look whether the run can still be alive, not before `notBefore` (epoch ms). With `attempt` it is that attempt's own;
 * without, somebody found the slot old, or the queue was lost.
 */
export const DeadlineMessage = z.object({
  kind: z.literal('deadline'),
  task,
  run,
  attempt: z.optional(attempt),
  notBefore: z.number(),
})

export const Message = z.discriminatedUnion('kind', [
  TickMessage,
  RunMessage,
  NextMessage,
  RetryMessage,
  DeadlineMessage,
])

export type TickMessage = z.infer<typeof TickMessage>
export type RunMessage = z.infer<typeof RunMessage>
export type NextMessage = z.infer<typeof NextMessage>
export type RetryMessage = z.infer<typeof RetryMessage>
export type DeadlineMessage = z.infer<typeof DeadlineMessage>
export type Message = z.infer<typeof Message>

/** The message that a queue's body is; throws with the path, the rule and the value of what is wrong with it. */
export function readMessage(body: string): Message {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new BadMessage(`not JSON: ${body.slice(0, 100)}`)
  }
  const parsed = Message.safeParse(value)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
  throw new BadMessage(wrong.join('; '))
}

/** The message can never be carried out, however often it comes. */
export class BadMessage extends Error {
  override name = 'BadMessage'
}
