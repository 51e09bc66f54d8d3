import { resolveConfig } from '../../../lib/plugin/config/resolve'
import { facts, fn, mistakes, SCHEDULE } from '../support/facts'

const of = (task: Record<string, unknown>, slipstream?: unknown) =>
  mistakes(facts({ load: { function: 'load', schedule: SCHEDULE, ...task } }, { slipstream }))

describe('a task that is wrong', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a schedule', { schedule: 'every 5 parsecs' }, /^tasks\.load\.schedule: must be .*"every 5 parsecs"$/],
    ['a schedule of another type', { schedule: 5 }, /^tasks\.load\.schedule: must be a text.*, got 5$/],
    ['a cron', { schedule: 'cron(71 8 1 * ? *)' }, /^tasks\.load\.schedule: .*minutes.*"71"$/],
    ['a time zone', { timezone: 'Mars/Olympus' }, /^tasks\.load\.timezone: must be .*"Mars\/Olympus"$/],
    ['a missing schedule', { schedule: undefined }, /^tasks\.load\.schedule: is missing/],
    ['an empty function', { function: null }, /^tasks\.load\.function: must be .*, got null$/],
    ['a missing function', { function: undefined }, /^tasks\.load\.function: is missing/],
    ['a qualifier', { qualifier: 'a b' }, /^tasks\.load\.qualifier: must be \$LATEST.*, got "a b"$/],
    ['a version that is a number', { qualifier: 3 }, /^tasks\.load\.qualifier: must be .*, got 3$/],
    ['enabled', { enabled: 'yes' }, /^tasks\.load\.enabled: must be true or false, got "yes"$/],
    ['a payload', { payload: [1] }, /^tasks\.load\.payload: must be a map, got a list$/],
    ['a key of ours in the payload', { payload: { stream_name: 1 } }, /^tasks\.load\.payload\.stream_name: /],
    [
      'concurrency',
      { concurrency: 0 },
      /^tasks\.load\.concurrency: must be a whole number from 1 to 100, got 0$/,
    ],
    ['a fraction', { concurrency: 1.5 }, /^tasks\.load\.concurrency: .*, got 1\.5$/],
    [
      'overlap',
      { overlap: 'wait' },
      /^tasks\.load\.overlap: must be one of latest, queue, skip, got "wait"$/,
    ],
    ['startWithin', { startWithin: 'soon' }, /^tasks\.load\.startWithin: must be .*"none", got "soon"$/],
    [
      'a time-out',
      { timeout: '20 minutes' },
      /^tasks\.load\.timeout: must be .*15 minutes, got "20 minutes"$/,
    ],
    [
      'a time-out beyond the function',
      { timeout: 61 },
      /^tasks\.load\.timeout: must not exceed .* 60 s, got 61$/,
    ],
    ['a target', { target: 'lambda' }, /^tasks\.load\.target: must be one of wrapped, .*, got "lambda"$/],
    ['retries', { retry: 3 }, /^tasks\.load\.retry: must be a map of attempts, .*, got 3$/],
    ['attempts', { retry: { attempts: 0 } }, /^tasks\.load\.retry\.attempts: must be .* 1 to 100, got 0$/],
    [
      'a key of retry',
      { retry: { atempts: 1 } },
      /^tasks\.load\.retry\.atempts: .*did you mean "attempts"\?/,
    ],
    ['a delay', { retry: { delay: '1 fortnight' } }, /^tasks\.load\.retry\.delay: .*, got "1 fortnight"$/],
    ['a term of two lines', { failOn: 'a\nb' }, /^tasks\.load\.failOn: must be a text without line breaks/],
    ['a term that is no text', { except: [1] }, /^tasks\.load\.except/],
    ['a log group', { logGroup: 'a b' }, /^tasks\.load\.logGroup: must be the name .*, got "a b"$/],
    [
      'the log group of our own',
      { logGroup: '/aws/lambda/shop-dev-slipstreamChecker' },
      /^tasks\.load\.logGroup: /,
    ],
    ['retention', { retention: 14 }, /^tasks\.load\.retention: must be .* from 15 to 3650, got 14$/],
    [
      'a description',
      { description: 'x'.repeat(513) },
      /^tasks\.load\.description: must be .* 512 .*, got "x+…$/,
    ],
    ['tags', { tags: 'team-a' }, /^tasks\.load\.tags: must be a list of texts, got "team-a"$/],
    ['an owner', { owner: 5 }, /^tasks\.load\.owner: must be a text, got 5$/],
    [
      'a key',
      { concurency: 2 },
      /^tasks\.load\.concurency: is not a known key \(did you mean "concurrency"\?\)$/,
    ],
    [
      'a key like no other',
      { zzz: 2 },
      /^tasks\.load\.zzz: is not a known key; known are function, qualifier/,
    ],
    [
      'a number that JavaScript rounds',
      { payload: { ids: [1, 2 ** 60] } },
      /^tasks\.load\.payload\.ids\.1: must be a number that is kept exactly, [^6]*$/,
    ],
    [
      'a unit that every object has',
      { retry: { delay: '5 constructor' } },
      /^tasks\.load\.retry\.delay: .*"5 constructor"$/,
    ],
    [
      'a start that is never too late',
      { startWithin: 1e300 },
      /^tasks\.load\.startWithin: must be .*, got 1e\+300$/,
    ],
    ['half a character', { failOn: 'a\ud83d' }, /^tasks\.load\.failOn: must be a text .*, got "a\\ud83d"$/],
    [
      'a schedule that a terminal would act on',
      { schedule: '\u001b[2J\n  ok' },
      /^tasks\.load\.schedule: must be .*not "\\u001b\[2J\\u000a {2}ok"$/,
    ],
    [
      'too large a payload',
      { payload: { text: 'x'.repeat(262_144) } },
      /^tasks\.load\.payload: .* 262144 bytes/,
    ],
  ])('is told of %s by path, rule and value', (_, task, expected) => {
    expect(of(task)).toEqual([expect.stringMatching(expected)])
  })

  test('is told of everything in one error with a code and no stack trace', () => {
    const given = facts({
      load: { function: 'load', schedule: 'never', concurrency: 'many', overlap: 'wait', colour: 'red' },
      other: { function: 'laod', schedule: SCHEDULE },
      'a b': { function: 'load', schedule: SCHEDULE },
    })
    expect(mistakes(given).map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'tasks.load.schedule',
      'tasks.load.concurrency',
      'tasks.load.overlap',
      'tasks.load.colour',
      'tasks.other.function',
      'tasks.a b',
    ])
    // The framework prints an error of this name as its message alone.
    expect(() => resolveConfig(given)).toThrow(
      expect.objectContaining({ name: 'ServerlessError', code: 'SLIPSTREAM_CONFIGURATION' }),
    )
  })

  test.each([['text'], [5], [[1]]])('is told that tasks: must be a map, not %j', (tasks) => {
    expect(mistakes(facts(tasks))).toEqual([
      expect.stringMatching(/^tasks: must be a map from task name to task, got /),
    ])
  })

  test.each<[string, unknown]>([
    ['a list of tasks', [{ function: 'load', payload: { password: 'hunter2' } }]],
    ['a task that is a list', { load: [{ payload: { password: 'hunter2' } }] }],
    [
      'a value that slipped out of its payload',
      { load: { function: 'load', schedule: SCHEDULE }, password: 'hunter2' },
    ],
    ['a payload that is a text', { load: { function: 'load', schedule: SCHEDULE, payload: 'hunter2' } }],
    [
      'a payload that cannot be kept',
      { load: { function: 'load', schedule: SCHEDULE, payload: { a: 'hunter2', b: 1e300 } } },
    ],
    [
      'a payload under a wrong key',
      { load: { function: 'load', schedule: SCHEDULE, retry: [{ password: 'hunter2' }] } },
    ],
  ])('is not told what is in %s', (_, tasks) => {
    const told = mistakes(facts(tasks)).join('\n')
    expect(told).toMatch(/^tasks/)
    expect(told).not.toContain('hunter2')
  })

  test.each<[string, Parameters<typeof fn>[1], RegExp]>([
    [
      'a time-out of nothing',
      { timeout: 0 },
      /must have a time-out of whole seconds .*functions\.load\.timeout.*, got 0$/,
    ],
    [
      'a time-out that is no number',
      { timeout: { Ref: 'T' } as never },
      /must have a time-out .*, got a map$/,
    ],
    ['a name that Lambda does not take', { name: 'my load' }, /must have a name of .*, got "my load"$/],
  ])('is told of a function with %s', (_, config, expected) => {
    const tasks = { load: { function: 'load', schedule: SCHEDULE } }
    expect(mistakes(facts(tasks, { functions: [fn('load', config)] }))).toEqual([
      expect.stringMatching(new RegExp(`^tasks\\.load\\.function: ${expected.source}`)),
    ])
  })

  test('is told that a task must be a map', () => {
    expect(mistakes(facts({ load: 'every day' }))).toEqual([
      expect.stringMatching(/^tasks\.load: must be a map .*, got a text$/),
    ])
  })
})

describe('a function that cannot be a target', () => {
  const on = (task: Record<string, unknown>, ...functions: ReturnType<typeof fn>[]) =>
    mistakes(facts({ load: { schedule: SCHEDULE, ...task } }, { functions }))

  test('is one that nobody has, with the nearest name', () => {
    expect(on({ function: 'laod' }, fn('load'))).toEqual([
      expect.stringMatching(
        /^tasks\.load\.function: "laod" is not .* \(did you mean "load"\?\); .* set target:/,
      ),
    ])
    expect(on({ function: 'no function' }, fn('load'))).toEqual([
      expect.stringMatching(/^tasks\.load\.function: must be .*, got "no function"$/),
    ])
  })

  test('is an ARN of another region, or with another qualifier than the task', () => {
    const arn = 'arn:aws:lambda:eu-west-1:111111111111:function:there:blue'
    expect(on({ function: arn, target: 'plain', qualifier: 'green' })).toEqual([
      expect.stringMatching(/^tasks\.load\.function: must be in the service's region, us-east-1, got "arn:/),
      expect.stringMatching(
        /^tasks\.load\.qualifier: must be the qualifier that the ARN has, blue, got "green"$/,
      ),
    ])
  })

  test('is one that is not Node.js and has no target', () => {
    expect(on({ function: 'report' }, fn('report', { runtime: 'python3.13' }))).toEqual([
      expect.stringMatching(
        /^tasks\.load\.target: is missing: python3\.13 cannot be wrapped; set target: to "operator" .* "plain"/,
      ),
    ])
    expect(on({ function: 'report', target: 'wrapped' }, fn('report', { runtime: 'python3.13' }))).toEqual([
      'tasks.load.target: must be operator or plain for a function in python3.13, got "wrapped"',
    ])
  })

  test('is told once of a target that does not exist', () => {
    expect(on({ function: 'there', target: 'lambda' })).toEqual([
      'tasks.load.target: must be one of wrapped, operator, plain, got "lambda"',
    ])
  })

  test('is one whose handler has no file', () => {
    expect(on({ function: 'load' }, { ...fn('load'), source: undefined })).toEqual([
      'tasks.load.function: must have a handler whose file exists (functions.load.handler), got "load.handler"',
    ])
  })

  test('is one whose file is named where it cannot be replaced', () => {
    expect(on({ function: 'load' }, fn('load', { esbuildEntrypoint: 'src/load.main' }))).toEqual([
      expect.stringMatching(
        /^tasks\.load\.function: must have its file in functions\.load\.handler, .*, got "src\/load/,
      ),
    ])
  })

  test('is one that the user has told how to be invoked', () => {
    const config = {
      destinations: { onFailure: 'x' },
      maximumEventAge: 60,
      maximumRetryAttempts: 0,
      recursiveLoop: 'Terminate',
    }
    const paths = on({ function: 'load' }, fn('load', config)).map((line) => line.slice(0, line.indexOf(':')))
    expect(paths).toEqual([
      'functions.load.destinations',
      'functions.load.maximumEventAge',
      'functions.load.maximumRetryAttempts',
      'functions.load.recursiveLoop',
    ])
    expect(on({ function: 'other' }, fn('load', config), fn('other'))).toEqual([])
  })

  test('is one with the name of ours', () => {
    expect(on({ function: 'load' }, fn('load'), fn('slipstreamChecker'))).toEqual([
      expect.stringMatching(/^functions\.slipstreamChecker: is the name/),
    ])
  })
})

describe('what holds for the whole service', () => {
  test.each([
    ['retain', 'yes', /^slipstream\.retain: must be true or false, got "yes"$/],
    ['alarms', 'on', /^slipstream\.alarms: must be true, false or a map with actions, .*, got "on"$/],
    [
      'metrics',
      'per task',
      /^slipstream\.metrics: must be true, false or a map with byTask, got "per task"$/,
    ],
    ['logLevel', 'info', /^slipstream\.logLevel: must be one of DEBUG, INFO, WARN, ERROR, got "info"$/],
    ['vpc', true, /^slipstream\.vpc: must be a map of securityGroupIds and subnetIds/],
    ['vpc', { subnetIds: ['subnet-1'] }, /^slipstream\.vpc\.securityGroupIds: /],
    ['vpc', { subnetIds: [], securityGroupIds: ['sg-1'] }, /^slipstream\.vpc\.subnetIds: must be a map/],
    ['alarms', { actions: 'arn' }, /^slipstream\.alarms: must be true, false or a map with actions/],
  ])('has %s that is told when wrong: %j', (key, value, message) => {
    expect(of({}, { [key]: value })).toEqual([expect.stringMatching(message)])
  })

  test('has no log level with which Lambda would leave out its metrics', () => {
    expect(of({}, { metrics: true, logLevel: 'WARN' })).toEqual([
      expect.stringMatching(/^slipstream\.logLevel: must be DEBUG, INFO or absent .*, got "WARN"$/),
    ])
    expect(of({}, { metrics: { byTask: true }, logLevel: 'DEBUG' })).toEqual([])
    expect(of({}, { logLevel: 'ERROR' })).toEqual([])
  })

  test('is told of a wrong key or default by its own path', () => {
    expect(of({}, { default: {} })).toEqual([
      'slipstream.default: is not a known key (did you mean "defaults"?)',
    ])
    expect(of({}, { defaults: { retention: 5, schedule: SCHEDULE } })).toEqual([
      expect.stringMatching(/^slipstream\.defaults\.retention: .*, got 5$/),
      expect.stringMatching(/^slipstream\.defaults\.schedule: is not a known key/),
    ])
    expect(of({}, { defaults: { timeout: 90 } })).toEqual([
      expect.stringMatching(/^tasks\.load\.timeout: .* 60 s, got 90 \(from slipstream\.defaults\)$/),
    ])
  })

  test('has a name that fits into those of our functions', () => {
    expect(mistakes(facts({}, { service: 'x'.repeat(39) }))).toEqual([])
    expect(mistakes(facts({}, { service: 'x'.repeat(40) }))).toEqual([
      expect.stringMatching(/^service: must, with "-" and the stage, be at most 43 .*, got "x+-dev"$/),
    ])
  })

  test('has no more terms for operator targets than a filter pattern takes', () => {
    const failOn = Array.from({ length: 40 }, (_, index) => `a phrase that is number ${index}`)
    const task = { function: 'report', target: 'operator', schedule: SCHEDULE, failOn }
    expect(mistakes(facts({ a: task }))).toEqual([
      expect.stringMatching(/^tasks\.a\.failOn: must fit .* 1024 .* got \d+/),
    ])
    expect(mistakes(facts({ a: { ...task, failOn: failOn.slice(0, 30) } }))).toEqual([])
  })
})
