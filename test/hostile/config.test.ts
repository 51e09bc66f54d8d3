import fc from 'fast-check'
import { Definition } from '../../lib/core/definition'
import { TickMessage } from '../../lib/core/message'
import { resolveConfig, type ServiceConfig } from '../../lib/plugin/config/resolve'
import { scheduleInput } from '../../lib/plugin/template/schedule-input'
import { facts, fn, SCHEDULE } from '../plugin/support/facts'
import { mutated, SECRET } from './support'

/** What a value of `serverless.yml` can be: YAML's types, and whatever a variable's JavaScript file gives. */
const circular: Record<string, unknown> = {}
circular['self'] = circular
const bare = Object.create(null) as object
const throwing = {
  toString() {
    throw new Error(SECRET)
  },
  toJSON() {
    throw new Error(SECRET)
  },
}
const huge = fc.constantFrom('x'.repeat(300_000), `cron(${'*,'.repeat(5000)}* * * * ? *)`)
const strange: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 1, arbitrary: huge },
  {
    weight: 60,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1e-300,
      12n,
      Symbol('s'),
      () => SECRET,
      new Date(0),
      new Date(Number.NaN),
      new Set([SECRET]),
      new Map([[SECRET, SECRET]]),
      Buffer.from(SECRET),
      bare,
      throwing,
      circular,
      [circular],
      [[{ password: SECRET }]],
      { password: SECRET },
      [{ function: 'load', payload: { password: SECRET } }],
      'cron(0 0 31 2 ? *)',
      `every ${'9'.repeat(400)} days`,
      'every 1 constructor',
      '5 constructor',
      '0.00001 seconds',
      'rate(9007199254740991 days)',
      'at(275760-09-13T00:00:00)',
      '\u001b[2J\r\n  tasks.load: fine',
      '\ud800',
      '__proto__',
    ),
  },
  { weight: 60, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
)

const KEYS = [
  ...[
    'function',
    'qualifier',
    'schedule',
    'timezone',
    'enabled',
    'payload',
    'concurrency',
    'overlap',
    'startWithin',
  ],
  ...[
    'timeout',
    'target',
    'retry',
    'failOn',
    'except',
    'logGroup',
    'retention',
    'description',
    'tags',
    'owner',
  ],
  ...['__proto__', 'constructor', 'toString', 'concurency', 'x'.repeat(5000), '\n', ''],
]
const FULL = {
  function: 'load',
  qualifier: 'live',
  schedule: SCHEDULE,
  timezone: 'Australia/Sydney',
  enabled: true,
  payload: { password: SECRET, list: [1, { deep: SECRET }] },
  concurrency: 2,
  overlap: 'queue',
  startWithin: '10 minutes',
  timeout: 5,
  target: 'wrapped',
  retry: { attempts: 3, delay: '1 minute', backoff: 2, maxDelay: 3600 },
  failOn: ['ERROR', 'no such'],
  except: 'fine',
  logGroup: '/team/reports',
  retention: 90,
  description: 'Loads the day',
  tags: ['team-a'],
  owner: 'me',
}

const entries = fc.array(fc.tuple(fc.constantFrom(...KEYS), strange), { maxLength: 4 })
const overwritten = entries.map((changes) => ({ ...FULL, ...Object.fromEntries(changes) }))
const task = fc.oneof(
  { weight: 6, arbitrary: overwritten },
  { weight: 3, arbitrary: mutated(fc.constant(FULL)) },
  entries.map((given) => Object.fromEntries(given)),
  strange,
)
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('load', 'load-2', '__proto__', 'constructor', '..', '') },
  fc.string({ unit: 'binary', maxLength: 70 }),
)
const tasks = fc.oneof(
  { weight: 20, arbitrary: fc.array(fc.tuple(name, task), { maxLength: 3 }).map(fromEntries) },
  strange,
)
const slipstream = fc.oneof(
  { weight: 10, arbitrary: fc.constant(undefined) },
  overwritten.map((defaults) => ({ defaults })),
  strange,
)
const functionConfig = fc.oneof(
  { weight: 10, arbitrary: fc.constant({ timeout: 60 }) },
  fc
    .tuple(fc.constantFrom('timeout', 'name', 'recursiveLoop', 'destinations', 'durableConfig'), strange)
    .map(([key, value]) => ({ [key]: value })),
)

/** As js-yaml does, `__proto__` becomes a key like any other. */
function fromEntries(list: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(list)
}

type Outcome = { config: ServiceConfig } | { name: string; message: string }

function outcomeOf(given: Parameters<typeof resolveConfig>[0]): Outcome {
  try {
    return { config: resolveConfig(given) }
  } catch (error) {
    const { name, message, stack } = error as Error
    return { name, message: name === 'ServerlessError' ? message : `${stack}` }
  }
}

const HEAD = /^Slipstream found (a mistake|\d+ mistakes) in the configuration:$/
const FIT = /^ {2}(tasks|slipstream|functions)\b.{0,300}: \S.{0,1100}$/u
const UNFIT = new RegExp(`\\p{Cc}|\\bat .*\\.ts:\\d|undefined|\\[object |Invalid input|${SECRET}`, 'u')

test('whatever stands in serverless.yml gives tasks that can run, or a line for each mistake that quotes no payload', () => {
  let [right, wrong] = [0, 0]
  fc.assert(
    fc.property(tasks, slipstream, functionConfig, (tasks, slipstream, config) => {
      const functions = [fn('load', config as Parameters<typeof fn>[1])]
      const outcome = outcomeOf(facts(tasks, { slipstream, functions }))
      if ('config' in outcome) {
        right++
        for (const resolved of outcome.config.tasks) {
          expect(Definition.parse(resolved.definition)).toEqual(resolved.definition)
          const message = { ...JSON.parse(scheduleInput(resolved)), scheduledAt: '2026-01-05T10:00:00Z' }
          expect(() => TickMessage.parse(message)).not.toThrow()
        }
        return
      }
      wrong++
      const [head = '', ...lines] = outcome.message.split('\n')
      const unfit = lines.filter((line) => !FIT.test(line) || UNFIT.test(line))
      if (outcome.name !== 'ServerlessError' || !HEAD.test(head) || lines.length === 0 || unfit.length > 0)
        throw new Error(outcome.message)
    }),
    { numRuns: 8000 },
  )
  expect(Math.min(right, wrong)).toBeGreaterThan(500)
})
