import * as z from 'zod/mini'
import { LOOPBACK_HOSTS } from '../../core/alerts/local'
import { ALERT_KINDS, MAX_AFTER, MAX_ALERT_TIME } from '../../core/alerts/policy'
import { formed } from './json-form'
import { isMap } from './problems'
import { DURATION, duration, orNone, whole } from './values'

/** What may stand under `alerts:`, of the service and of a task. */

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
  // A few of them would fill the environment of the alerter, which holds 4 KB.
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
