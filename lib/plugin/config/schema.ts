import * as z from 'zod/mini'
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
import { Alerts } from './alerts-schema'
import { formed } from './json-form'
import { isMap } from './problems'
import { DURATION, duration, orNone, text, whole } from './values'

/**
 * What may stand under `tasks:` and `slipstream:`, key by key; the types are derived from it. Each key has one rule,
 * which is also its error message. What needs to know more than the key's own value is checked in `resolve.ts`.
 */

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
