import { resolveConfig } from '../../../lib/plugin/config/resolve'
import { facts, fn, resolveTask, SCHEDULE } from '../support/facts'

test('a task of which only function and schedule are said has every default', () => {
  expect(resolveTask({})).toMatchObject({
    name: 'load',
    timezone: 'UTC',
    enabled: true,
    payload: undefined,
    definition: {
      function: 'shop-dev-load',
      qualifier: '$LATEST',
      target: 'wrapped',
      concurrency: 1,
      overlap: 'latest',
      startWithin: null,
      timeout: 60,
      functionTimeout: 60,
      retry: { attempts: 1, delay: 30, backoff: 2, maxDelay: 3600 },
      failOn: ['ERROR'],
      except: [],
      logGroup: '/slipstream/shop-dev',
      retention: 30,
    },
  })
  expect(resolveTask({}).definition).not.toHaveProperty('foreign')
  expect(resolveTask({}).definition).not.toHaveProperty('ownGroupPrefix')
})

test('the task of the design parses in full', () => {
  const task = resolveTask({
    qualifier: '$LATEST',
    timezone: 'Australia/Sydney',
    enabled: true,
    payload: { max_len: 6 },
    concurrency: 2,
    overlap: 'queue',
    startWithin: '10 minutes',
    timeout: 60,
    target: 'wrapped',
    retry: { attempts: 3, delay: 30, backoff: 2, maxDelay: 3600 },
    failOn: 'ERROR',
    except: [],
    logGroup: '/team/reports',
    retention: 90,
    description: 'Loads the day',
    tags: ['team-a'],
    owner: 'data@example.com',
  })
  expect(task).toMatchObject({ timezone: 'Australia/Sydney', tags: ['team-a'], owner: 'data@example.com' })
  expect(task.definition).toMatchObject({
    startWithin: 600,
    failOn: ['ERROR'],
    logGroup: '/team/reports',
    ownGroupPrefix: 'shop-dev',
  })
})

test.each<[unknown, number | null]>([
  [90, 90],
  ['1 second', 1],
  ['1.5 minutes', 90],
  ['2 hours', 7200],
  ['1 day', 86_400],
  ['none', null],
])('startWithin: %j is %j seconds', (startWithin, seconds) => {
  expect(resolveTask({ startWithin }).definition.startWithin).toBe(seconds)
})

test('a tick of a queue has one interval to come to its turn, unless said otherwise', () => {
  expect(resolveTask({ overlap: 'queue' }).definition.startWithin).toBe(30)
  expect(resolveTask({ overlap: 'queue', schedule: 'cron(0 3 * * ? *)' }).definition.startWithin).toBe(86_400)
  expect(
    resolveTask({ overlap: 'queue', schedule: 'at(2020-01-01T00:00:00)' }).definition.startWithin,
  ).toBeNull()
  expect(resolveTask({ overlap: 'queue', startWithin: 'none' }).definition.startWithin).toBeNull()
})

test('a function that is deployed elsewhere is named as Invoke takes it, and may run as long as Lambda lets it', () => {
  const arn = 'arn:aws:lambda:us-east-1:111111111111:function:there'
  expect(resolveTask({ function: `${arn}:blue`, target: 'plain' }).definition).toMatchObject({
    function: arn,
    qualifier: 'blue',
    foreign: true,
    timeout: 900,
    functionTimeout: 900,
  })
  expect(resolveTask({ function: 'there', target: 'operator' }).definition).toMatchObject({
    function: 'there',
    qualifier: '$LATEST',
    foreign: true,
  })
})

test('a function of the service may be named by its deployed name', () => {
  expect(resolveTask({ function: 'shop-dev-load' }).definition).toEqual(resolveTask({}).definition)
})

test.each([
  ['a container image', fn('load', { image: 'image' })],
  ['an artifact that is already built', fn('load', { package: { artifact: 'load.zip' } })],
])('%s needs a target, and may be one that wraps itself', (what, own) => {
  const functions = [own]
  expect(() => resolveTask({}, { functions })).toThrow(`tasks.load.target: is missing: ${what}`)
  expect(resolveTask({ target: 'wrapped' }, { functions }).definition.target).toBe('wrapped')
})

test('defaults of the service hold where a task is silent, key by key of retry', () => {
  const slipstream = {
    defaults: { retention: 60, failOn: 'FATAL', retry: { attempts: 3, delay: '1 minute' } },
  }
  expect(resolveTask({ failOn: [], retry: { delay: 5 } }, { slipstream }).definition).toMatchObject({
    retention: 60,
    failOn: [],
    retry: { attempts: 3, delay: 5, backoff: 2 },
  })
})

test('a service without tasks has nothing to add', () => {
  expect(resolveConfig(facts(undefined)).tasks).toEqual([])
  expect(resolveConfig(facts(null)).tasks).toEqual([])
})

test('the configuration of another service and stage is named after it', () => {
  const { names } = resolveConfig(facts({ a: { function: 'load', schedule: SCHEDULE } }, { stage: 'prod' }))
  expect(names.prefix).toBe('shop-prod')
})
