import * as z from 'zod/mini'
import { Definition, MAX_ATTEMPTS } from './definition'
import { foreignFormat } from './format'
import { RUN_KEY, TASK_NAME } from './names'
import { payloadFault } from './payload'
import { isProperUnicode } from './text'

const task = z.string().check(z.regex(TASK_NAME))
/** A time that exists, as `toISOString` writes it. */
const run = z.string().check(
  z.regex(RUN_KEY),
  z.refine((text) => isSame(text, Date.parse(text)), 'must be a time that exists'),
)
/** Of a person. */
const name = z.string().check(z.maxLength(256), z.refine(isProperUnicode, 'must be proper Unicode'))
const attempt = z.int().check(z.minimum(1), z.maximum(MAX_ATTEMPTS))

function isSame(text: string, instant: number): boolean {
  return !Number.isNaN(instant) && new Date(instant).toISOString() === text
}

/** The instant (epoch ms) of a tick, in whole seconds, `…Z` or `….000Z`; undefined for anything else. */
export function tickTime(scheduledAt: string): number | undefined {
  const text = scheduledAt.replace(/(?<=:\d\d)Z$/, '.000Z')
  const instant = RUN_KEY.test(text) ? Date.parse(text) : Number.NaN
  return isSame(text, instant) && instant % 1000 === 0 ? instant : undefined
}

/** EventBridge Scheduler replaces this with the tick's time, whole seconds, UTC (User Guide, context attributes). */
export const SCHEDULED_TIME_PLACEHOLDER = '<aws.scheduler.scheduled-time>'

const payload = z.optional(
  z.record(z.string(), z.unknown()).check((context) => {
    const fault = payloadFault(context.value)
    if (fault)
      context.issues.push({ code: 'custom', message: fault.rule, path: fault.path, input: undefined })
  }),
)

/**
 * How often a message came back as it was, without having got any further, and when it did so first and last (epoch
 * ms). Absent at first. See protocol/hops.ts.
 */
const hops = z.optional(z.object({ count: z.int().check(z.minimum(1)), first: z.number(), last: z.number() }))

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
  hops,
  /** For who looks at the task, not for its runs: a schedule has no tags of its own. */
  tags: z.optional(z.array(z.string())),
  owner: z.optional(z.string()),
})

/** A run asked for by hand, by backfill or as a rerun. It goes through the same lock as a tick. */
export const RunMessage = z.object({
  kind: z.literal('run'),
  task,
  run,
  scheduledAt: run,
  trigger: z.enum(['manual', 'backfill', 'rerun']),
  triggeredBy: z.optional(name),
  rerunOf: z.optional(run),
  /** Of the backfill that asked for it. */
  backfill: z.optional(run),
  definition: Definition,
  payload,
  hops,
})

/**
 * A stretch of the past to be run: the ticks of `schedule` from `from` to `to`, both included (ISO 8601). It admits as
 * many as the task can bear, and is sent again with its cursor until there are none left (protocol/backfill.ts).
 */
export const BackfillMessage = z.object({
  kind: z.literal('backfill'),
  task,
  /** Which backfill this is: a key like that of a run by hand. It stands in the record of each run that came of it. */
  backfill: run,
  schedule: z.string(),
  timezone: z.string(),
  from: run,
  to: run,
  /** The last tick that was looked at. */
  cursor: z.optional(run),
  /** Ticks that were run already are run anew; else they are left alone. */
  rerun: z.optional(z.boolean()),
  triggeredBy: z.optional(name),
  /** Seconds until it looks whether the task can bear more, 1 to 900. */
  pace: z.optional(z.int().check(z.minimum(1), z.maximum(900))),
  definition: Definition,
  payload,
  hops,
})

/** The slot was handed to this run. */
const NextMessage = z.object({ kind: z.literal('next'), task, run })

/** Start attempt `attempt`, not before `notBefore` (epoch ms). */
export const RetryMessage = z.object({
  kind: z.literal('retry'),
  task,
  run,
  attempt,
  notBefore: z.number(),
  hops,
})

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
  hops,
})

/** Look at all who hold a slot of the task, not before `notBefore` (epoch ms): the deadline that its frequent runs share. */
export const LookMessage = z.object({ kind: z.literal('look'), task, notBefore: z.number(), hops })

export const Message = z.discriminatedUnion('kind', [
  TickMessage,
  RunMessage,
  BackfillMessage,
  NextMessage,
  RetryMessage,
  DeadlineMessage,
  LookMessage,
])

export type TickMessage = z.infer<typeof TickMessage>
export type RunMessage = z.infer<typeof RunMessage>
export type BackfillMessage = z.infer<typeof BackfillMessage>
export type RetryMessage = z.infer<typeof RetryMessage>
export type DeadlineMessage = z.infer<typeof DeadlineMessage>
export type LookMessage = z.infer<typeof LookMessage>
export type Message = z.infer<typeof Message>

/**
 * The body of a message. SQS takes the characters of XML only (API reference, SendMessage), and emulators none beyond the
 * first plane; what JSON leaves of these as it is, is escaped.
 */
export function writeMessage(message: Message): string {
  return JSON.stringify(message).replace(
    /[\ud800-\udfff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  )
}

/**
 * The message that a queue's body is. Never says a value: a payload may hold secrets, and the error is logged.
 *
 * @throws {BadMessage} with the path and the rule of everything that is wrong with it.
 */
export function readMessage(body: string): Message {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new BadMessage(`not JSON, ${body.length} characters`)
  }
  const format = foreignFormat(value)
  if (format !== undefined)
    throw new BadMessage(
      `of ${format}: deploy the service with the newer serverless-slipstream, then redrive the dead-letter queue`,
    )
  const parsed = Message.safeParse(value)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${rule(issue)}`)
  throw new BadMessage(wrong.join('; '))
}

function rule(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`
    case 'too_small':
      return `must not be below ${issue.minimum}`
    case 'too_big':
      return `must not be above ${issue.maximum}`
    case 'invalid_format':
      return `must match ${issue.pattern}`
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`
    case 'invalid_union':
      return 'must be of a known kind'
    default:
      return issue.message
  }
}

/** The message can never be carried out, however often it comes. */
export class BadMessage extends Error {
  override name = 'BadMessage'
}
