import * as z from 'zod/mini'
import { LOOPBACK_HOSTS } from '../../core/alerts/local'
import { ALERT_KINDS, MAX_AFTER, MAX_ALERT_TIME } from '../../core/alerts/policy'
import {
  LOG_GROUP,
  MAX_ATTEMPTS,
  MAX_START_WITHIN,
  MAX_TIMEOUT,
  OVERLAPS,
  QUALIFIER,
  TARGETS,
} from '../../core/definition'
import { payloadFault, RESERVED_KEYS } from '../../core/payload'
import { parseSchedule, ScheduleError } from '../../core/schedule'
import { isProperUnicode } from '../../core/text'
import { formed } from './json-form'
import { isMap } from './problems'

/**
 * What may stand under `tasks:` and `slipstream:`, key by key; the types are derived from it. Each key has one rule,
 * which is also its error message. What needs to know more than the key's own value is checked in `resolve.ts`.
 */

const UNITS = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
])
const DURATION_TEXT = { type: 'string', pattern: '^\\d+(\\.\\d+)? *(second|minute|hour|day)s?$' }
const DURATION = 'must be a number of seconds or a text such as "10 minutes"'

/** Seconds, or a text with a unit. */
function toSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? toMilliseconds(value) : undefined
  if (typeof value !== 'string') return undefined
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) *([a-z]+?)s?$/.exec(value) ?? []
  const factor = UNITS.get(unit)
  return factor === undefined ? undefined : toMilliseconds(Number(amount) * factor)
}

/** Seconds, as exact as a run's record keeps them. */
const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000

const text = (rule: string) => z.string(rule).check(z.minLength(1, rule))

const whole = (low: number, high: number, what: string) => {
  const rule = `must be a whole number${what} from ${low} to ${high}`
  return z.int(rule).check(z.minimum(low, rule), z.maximum(high, rule))
}

/** Written as seconds or as a text with a unit; a number of seconds afterwards. */
type Duration<Out = number> = z.ZodMiniType<Out, number | string>

const duration = (low: number, high: number, rule: string): Duration => {
  const schema = z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      const seconds = toSeconds(value)
      if (seconds !== undefined && seconds >= low && seconds <= high) return seconds
      context.issues.push({ code: 'custom', message: rule, input: value })
      return z.NEVER
    }),
  )
  const form = { anyOf: [{ type: 'number', minimum: low, maximum: high }, DURATION_TEXT] }
  return formed(schema, form) as unknown as Duration
}

const orNone = (schema: Duration, rule = DURATION): Duration<number | null> => {
  const other = z.pipe(
    z.unknown(),
    z.transform((value, context): number | null => {
      if (value === 'none') return null
      const result = schema.safeParse(value)
      if (result.success) return result.data
      context.issues.push({ code: 'custom', message: `${rule}, or "none"`, input: value })
      return z.NEVER
    }),
  )
  const form = { anyOf: [{ type: 'number', minimum: 0 }, DURATION_TEXT, { const: 'none' }] }
  return formed(other, form) as unknown as Duration<number | null>
}

/** A value that `parseSchedule` takes or says what is wrong with. */
const schedulePart = (parse: (value: string) => unknown, rule: string) =>
  z.string(rule).check((context) => {
    try {
      parse(context.value)
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error
      context.issues.push({
        code: 'custom',
        // Said of the key's own value, so the key's name is one too many.
        message: error.message.replace(/^timezone /, ''),
        input: context.value,
        params: { complete: true },
      })
    }
  })

const TERM = 'must be a text without line breaks, or a list of such texts'
const term = z.string(TERM).check(z.regex(/^[^\r\n]+$/, TERM), z.refine(isProperUnicode, TERM))
/** One or a list; always a list afterwards. */
const terms = z.pipe(
  z.union([term, z.array(term)], TERM),
  z.transform((value) => (typeof value === 'string' ? [value] : value)),
)

const PAYLOAD = 'must be a map'
const anyMap = z.custom<Record<string, unknown>>(isMap, PAYLOAD).check((context) => {
  const fault = payloadFault(context.value)
  if (fault) {
    context.issues.push({
      code: 'custom',
      message: fault.rule,
      input: undefined,
      path: fault.path,
      params: { complete: true },
    })
  }
  for (const key of RESERVED_KEYS.filter((name) => Object.hasOwn(context.value, name))) {
    context.issues.push({
      code: 'custom',
      message: 'is a key that the target is told of its run by; give it another name',
      input: context.value[key],
      path: [key],
      params: { complete: true },
    })
  }
})

const payload = formed(anyMap, { type: 'object' })

const LOG_GROUP_RULE = 'must be the name of a log group: 1 to 512 of letters, digits and . - _ / #'
const QUALIFIER_RULE = 'must be $LATEST, or the name of an alias or the number of a version (quoted)'

export const Retry = z.strictObject(
  {
    attempts: z.optional(whole(1, MAX_ATTEMPTS, ' of tries, the first included,')),
    delay: z.optional(duration(0, 604_800, `${DURATION}, at most 7 days`)),
    backoff: z.optional(
      z
        .number('must be a number from 1 to 10')
        .check(z.minimum(1, 'must be a number from 1 to 10'), z.maximum(10, 'must be a number from 1 to 10')),
    ),
    maxDelay: z.optional(duration(0, 604_800, `${DURATION}, at most 7 days`)),
  },
  'must be a map of attempts, delay, backoff and maxDelay',
)

const TOPIC_RULE =
  'must be the ARN of an SNS topic that is not FIFO, a CloudFormation function that gives one such as { Ref: MyTopic }, or false'
const WEBHOOK_RULE =
  'must be an https:// address (http:// on this machine alone), a text such as "{{resolve:ssm:/team/hook}}" or "{{resolve:secretsmanager:hook}}", a CloudFormation function that gives one, or false'

/** An address, or a CloudFormation function that gives it: the deployment alone knows what that is. */
const address = (test: (text: string) => boolean, rule: string) =>
  formed(
    z.custom<string | Record<string, unknown> | false>(
      (value) => value === false || isIntrinsic(value) || (typeof value === 'string' && test(value)),
      rule,
    ),
    { anyOf: [{ type: 'string' }, { type: 'object' }, { const: false }] },
  )

function isIntrinsic(value: unknown): boolean {
  const [name, ...more] = isMap(value) ? Object.keys(value) : []
  return name !== undefined && more.length === 0 && /^(Ref|Fn::\w+)$/.test(name)
}

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/
/** What CloudFormation puts in itself. Not `ssm-secure`, which it does not resolve in a function's environment. */
const DYNAMIC = /^\{\{resolve:(ssm|secretsmanager):[^{}\s]+\}\}$/

function isWebhook(text: string): boolean {
  if (DYNAMIC.test(text)) return true
  // Two of them would fill the alerter's environment.
  if (text.length > 1000 || /\s/.test(text) || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname))
}

const ON = `must be a list of ${ALERT_KINDS.join(', ')}`
const ALERT_TIME = `${DURATION}, from 1 minute to 30 days`

export const Alerts = z.strictObject(
  {
    topic: z.optional(address((text) => TOPIC.test(text), TOPIC_RULE)),
    webhook: z.optional(address(isWebhook, WEBHOOK_RULE)),
    events: z.optional(z.boolean('must be true or false')),
    on: z.optional(z.array(z.enum(ALERT_KINDS, ON), ON).check(z.minLength(1, ON))),
    after: z.optional(whole(1, MAX_AFTER, ' of failures in a row')),
    startGrace: z.optional(duration(60, MAX_ALERT_TIME, ALERT_TIME)),
    maxRuntime: z.optional(orNone(duration(60, MAX_ALERT_TIME, ALERT_TIME), ALERT_TIME)),
    remind: z.optional(orNone(duration(60, MAX_ALERT_TIME, ALERT_TIME), ALERT_TIME)),
  },
  'must be a map of topic, webhook, events, on, after, startGrace, maxRuntime and remind, or false in a task',
)
export type Alerts = z.output<typeof Alerts>

export const Task = z.strictObject(
  {
    function: z.optional(
      text('must be a function of this service, or the name or ARN of a function deployed elsewhere'),
    ),
    qualifier: z.optional(z.string(QUALIFIER_RULE).check(z.regex(QUALIFIER, QUALIFIER_RULE))),
    schedule: z.optional(
      schedulePart(
        (value) => parseSchedule(value, 'UTC'),
        'must be a text such as "every 5 minutes" or "cron(0 3 * * ? *)"',
      ),
    ),
    timezone: z.optional(
      schedulePart(
        (value) => parseSchedule('every 1 minute', value),
        'must be the name of an IANA time zone',
      ),
    ),
    enabled: z.optional(z.boolean('must be true or false')),
    payload: z.optional(payload),
    concurrency: z.optional(whole(1, 100, '')),
    overlap: z.optional(z.enum(OVERLAPS, `must be one of ${OVERLAPS.join(', ')}`)),
    startWithin: z.optional(orNone(duration(1, MAX_START_WITHIN, DURATION))),
    timeout: z.optional(duration(1, MAX_TIMEOUT, `${DURATION}, from 1 second to 15 minutes`)),
    target: z.optional(z.enum(TARGETS, `must be one of ${TARGETS.join(', ')}`)),
    retry: z.optional(Retry),
    failOn: z.optional(terms),
    except: z.optional(terms),
    logGroup: z.optional(z.string(LOG_GROUP_RULE).check(z.regex(LOG_GROUP, LOG_GROUP_RULE))),
    retention: z.optional(whole(15, 3650, ' of days')),
    description: z.optional(
      z
        .string('must be a text of at most 512 characters')
        .check(z.maxLength(512, 'must be a text of at most 512 characters')),
    ),
    tags: z.optional(z.array(text('must be a text'), 'must be a list of texts')),
    owner: z.optional(text('must be a text')),
    alerts: z.optional(Alerts),
  },
  'must be a map of what the task is',
)
export type Task = z.output<typeof Task>

/** What a task is or says of itself alone has no default; alerts have their place under `slipstream:` itself. */
export const Defaults = z.omit(Task, {
  function: true,
  qualifier: true,
  schedule: true,
  payload: true,
  description: true,
  alerts: true,
})
export type Defaults = z.output<typeof Defaults>

/** A name or ARN, or what CloudFormation works out, as `{ Ref: Topic }`. */
const reference = (rule: string) =>
  z.union([text(rule), formed(z.custom<Record<string, unknown>>(isMap, rule), { type: 'object' })], rule)

const ALARMS = 'must be true, false or a map with actions, the ARNs of what is told, as of SNS topics'
const ACTIONS = 'must be a list of ARNs'
const Alarms = z.union(
  [
    z.boolean(),
    z.strictObject({ actions: z.array(reference(ACTIONS), ACTIONS).check(z.maxLength(5, ACTIONS)) }),
  ],
  ALARMS,
)

const VPC = 'must be a map of securityGroupIds and subnetIds, each a list of ids'
const vpcIds = z.array(reference(VPC), VPC).check(z.minLength(1, VPC), z.maxLength(16, VPC))
const Vpc = z.strictObject({ securityGroupIds: vpcIds, subnetIds: vpcIds }, VPC)

const METRICS = 'must be true, false or a map with byTask'
const Metrics = z.union([z.boolean(), z.strictObject({ byTask: z.boolean() })], METRICS)

/** Of our own functions (AWS Lambda Developer Guide, monitoring-cloudwatchlogs-log-level). */
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const

export const ServiceSettings = z.strictObject(
  {
    defaults: z.optional(Defaults),
    alerts: z.optional(Alerts),
    retain: z.optional(z.boolean('must be true or false')),
    alarms: z.optional(Alarms),
    metrics: z.optional(Metrics),
    vpc: z.optional(Vpc),
    logLevel: z.optional(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
  },
  'must be a map of what holds for the whole service',
)
export type ServiceSettings = Omit<z.output<typeof ServiceSettings>, 'defaults'>

/** `tasks:` and `slipstream:` as they are written, for a `serverless.ts`. */
export type Tasks = Record<
  string,
  Omit<z.input<typeof Task>, 'function' | 'schedule' | 'alerts'> & {
    function: string
    schedule: string
    alerts?: z.input<typeof Alerts> | false | undefined
  }
>
export type Slipstream = z.input<typeof ServiceSettings>
