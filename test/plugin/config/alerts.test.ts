import { resolveConfig } from '../../../lib/plugin/config/resolve'
import { facts, mistakes, SCHEDULE } from '../support/facts'

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:team'
const HOOK = 'https://hooks.slack.com/services/T000/B000/SECRET'
const task = (alerts?: unknown) => ({
  function: 'load',
  schedule: SCHEDULE,
  ...(alerts === undefined ? {} : { alerts }),
})
const config = (service: unknown, tasks: Record<string, unknown>) =>
  resolveConfig(facts(tasks, { slipstream: { alerts: service } }))
const wrong = (service: unknown, own?: unknown) =>
  mistakes(facts({ load: task(own) }, service === undefined ? {} : { slipstream: { alerts: service } }))

test('a topic is enough: every task says what is wrong with it', () => {
  const { tasks, channels } = config({ topic: TOPIC }, { load: task(), other: task() })
  const policy = {
    on: ['failed', 'missed', 'stuck', 'recovered'],
    after: 1,
    startGrace: 300,
    topic: expect.stringMatching(/^[0-9a-f]{8}$/),
  }
  expect(tasks.map(({ definition }) => definition.alerts)).toEqual([policy, policy])
  expect([...channels]).toEqual([[`topic:${tasks[0]?.definition.alerts?.topic}`, TOPIC]])
})

test("a task's own keys win over the service's, one by one, and take out what they say is off", () => {
  const { tasks, channels } = config(
    { topic: TOPIC, webhook: HOOK, after: 2, remind: '1 day', maxRuntime: '1 hour' },
    {
      same: task(),
      own: task({
        on: ['failed', 'failed'],
        webhook: false,
        events: true,
        after: 3,
        remind: 'none',
        maxRuntime: 60,
      }),
    },
  )
  const [same, own] = tasks.map(({ definition }) => definition.alerts)
  expect(same).toMatchObject({ after: 2, remind: 86_400, maxRuntime: 3600, webhook: expect.any(String) })
  expect(own).toEqual({
    on: ['failed'],
    after: 3,
    startGrace: 300,
    maxRuntime: 60,
    topic: same?.topic,
    events: true,
  })
  expect([...channels.values()]).toEqual([TOPIC, HOOK])
})

test('a task says false, and nobody hears of it', () => {
  const { tasks, channels } = config({ topic: TOPIC }, { load: task(false) })
  expect(tasks[0]?.definition).not.toHaveProperty('alerts')
  expect(channels.size).toBe(0)
})

test('where nobody says anything there are none', () => {
  expect(resolveConfig(facts({ load: task() })).tasks[0]?.definition).not.toHaveProperty('alerts')
  expect(config(null, { load: task() }).tasks[0]?.definition).not.toHaveProperty('alerts')
})

test('addresses are taken that the deployment alone knows', () => {
  for (const address of [{ Ref: 'Topic' }, { 'Fn::ImportValue': 'team-topic' }])
    expect(wrong({ topic: address, webhook: address })).toEqual([])
  for (const webhook of ['{{resolve:ssm:/team/hook}}', '{{resolve:secretsmanager:hook:SecretString:url}}'])
    expect(wrong({ webhook })).toEqual([])
  for (const host of ['127.0.0.1:9000', 'localhost', '[::1]:9000'])
    expect(wrong({ webhook: `http://${host}/hook` })).toEqual([])
})

test('the address of a webhook stands in no definition', () => {
  const { tasks } = config({ webhook: HOOK }, { load: task() })
  expect(JSON.stringify(tasks[0]?.definition)).not.toContain('hooks.slack.com')
})

describe('what is wrong is told by path, rule and value', () => {
  test.each<[string, unknown, RegExp]>([
    ['topic', 'team', /^tasks\.load\.alerts\.topic: must be the ARN of an SNS topic .*, got "team"$/],
    ['topic', `${TOPIC}.fifo`, /^tasks\.load\.alerts\.topic: .* not FIFO/],
    ['topic', { Ref: 'A', also: 'B' }, /^tasks\.load\.alerts\.topic: .*, got a map$/],
    ['topic', null, /^tasks\.load\.alerts\.topic: .*, got null$/],
    ['webhook', 5, /^tasks\.load\.alerts\.webhook: .*, got a number$/],
    [
      'webhook',
      'http://hooks.example.org/SECRET',
      /^tasks\.load\.alerts\.webhook: must be an https.*, got a text$/,
    ],
    ['webhook', '{{resolve:ssm-secure:/team/hook}}', /^tasks\.load\.alerts\.webhook: .*, got a text$/],
    ['webhook', `https://example.org/${'x'.repeat(1000)}`, /^tasks\.load\.alerts\.webhook: .*, got a text$/],
    ['events', 'yes', /^tasks\.load\.alerts\.events: must be true or false, got "yes"$/],
    ['on', 'failed', /^tasks\.load\.alerts\.on: must be a list of failed, late.*, got "failed"$/],
    ['on', ['failure'], /^tasks\.load\.alerts\.on\.0: must be a list of .*, got "failure"$/],
    ['on', [], /^tasks\.load\.alerts\.on: must be a list of failed, .*, got \[\]$/],
    ['after', 0, /^tasks\.load\.alerts\.after: must be .* failures in a row from 1 to 20, got 0$/],
    [
      'startGrace',
      '5 seconds',
      /^tasks\.load\.alerts\.startGrace: .* from 1 minute to 30 days, got "5 seconds"$/,
    ],
    ['maxRuntime', 'long', /^tasks\.load\.alerts\.maxRuntime: .* to 30 days, or "none", got "long"$/],
    ['remind', '60 days', /^tasks\.load\.alerts\.remind: .*, got "60 days"$/],
    ['reminder', 60, /^tasks\.load\.alerts\.reminder: is not a known key \(did you mean "remind"\?\)$/],
  ])('%s: %j', (key, value, expected) => {
    expect(wrong({ topic: TOPIC }, { [key]: value })).toEqual([expect.stringMatching(expected)])
  })

  test('under slipstream: too, and together with all others', () => {
    expect(wrong({ topic: 'team', after: 1.5 })).toEqual([
      expect.stringMatching(/^slipstream\.alerts\.topic: /),
      expect.stringMatching(/^slipstream\.alerts\.after: .*, got 1\.5$/),
    ])
    expect(wrong(true)).toEqual([
      expect.stringMatching(/^slipstream\.alerts: must be a map of topic, .*, got a boolean$/),
    ])
    expect(wrong(undefined, true)).toEqual([
      expect.stringMatching(/^tasks\.load\.alerts: must be a map .*, or false/),
    ])
  })

  test('alerts that go nowhere', () => {
    const nowhere = [expect.stringMatching(/^tasks\.load\.alerts: must name where they go/)]
    expect(wrong({ on: ['failed'] })).toEqual(nowhere)
    expect(wrong({ topic: TOPIC }, { topic: false })).toEqual(nowhere)
    expect(wrong(undefined, {})).toEqual([])
    expect(wrong({ on: ['failed'] }, false)).toEqual([])
  })

  test('more addresses than the alerter can be told', () => {
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, n) => [`t${n}`, task({ topic: `${TOPIC}${n}` })]),
    )
    expect(mistakes(facts(many))).toEqual([
      'slipstream.alerts: must name at most 20 topics and webhooks in all tasks together, got 21',
    ])
  })

  test('more tasks than the watcher can be told of', () => {
    const many = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [`task-${n}`, task({ topic: TOPIC })]),
    )
    expect(mistakes(facts(many))).toEqual([
      expect.stringMatching(
        /^slipstream\.alerts\.on: must fit, .* into 262144 bytes, got \d+; leave these out/,
      ),
    ])
  })

  test("a task with the name of the watcher's schedule", () => {
    expect(mistakes(facts({ 'slipstream.watch': task() }))).toEqual([
      expect.stringMatching(/^tasks\.slipstream\.watch: is the name of Slipstream's own schedule/),
    ])
  })
})
