import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CreateFunctionCommandInput,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda'
import { call, createFunction, isGone, startWorld, until, type World, zip } from './support'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const create = (
  name: string,
  files: string | Record<string, string>,
  more?: Partial<CreateFunctionCommandInput>,
) => createFunction(world.lambda, name, files, more)
const invoke = (name: string, event?: unknown, more?: object) => call(world.lambda, name, event, more)
const linesOf = (name: string) => world.logs.of(`/aws/lambda/${name}`)

describe('a Node.js function', () => {
  test('gets the event and the context that Lambda gives', async () => {
    await create(
      'context',
      `exports.handler = async (event, context) => ({
        event, remaining: context.getRemainingTimeInMillis(), ...context,
        env: { region: process.env.AWS_REGION, home: process.env.LAMBDA_TASK_ROOT === process.cwd(), x: process.env.MINE },
      })`,
      { Timeout: 20, MemorySize: 256, Environment: { Variables: { MINE: 'mine' } } },
    )
    const { payload, ...rest } = await invoke('context', { a: 1 })
    expect(rest).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(rest.FunctionError).toBeUndefined()
    expect(payload).toMatchObject({
      event: { a: 1 },
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/context',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      callbackWaitsForEmptyEventLoop: true,
      env: { region: 'us-east-1', home: true, x: 'mine' },
    })
    expect(payload.remaining).toBeGreaterThan(15_000)
    expect(payload.remaining).toBeLessThanOrEqual(20_000)
  })

  test('keeps its process for the next invocation, and gets another for one at the same time', async () => {
    await create(
      'warm',
      'exports.handler = async ({ wait }) => { if (wait) await new Promise(r => setTimeout(r, 300)); return process.pid }',
    )
    const [a, b] = await Promise.all([invoke('warm', { wait: true }), invoke('warm', { wait: true })])
    expect(a.payload).not.toBe(b.payload)
    expect([a.payload, b.payload]).toContain((await invoke('warm')).payload)
  })

  test.each([
    ['an .mjs file', 'index.handler', { 'index.mjs': 'export const handler = async () => "ok"' }],
    ['a .cjs file', 'index.handler', { 'index.cjs': 'exports.handler = async () => "ok"' }],
    [
      'an ESM package',
      'index.handler',
      { 'package.json': '{"type":"module"}', 'index.js': 'export const handler = async () => "ok"' },
    ],
    ['a nested file and export', 'dist/a.b.c', { 'dist/a.js': 'exports.b = { c: async () => "ok" }' }],
    [
      'a callback',
      'index.handler',
      { 'index.js': 'exports.handler = (event, context, done) => setTimeout(() => done(null, "ok"), 5)' },
    ],
    [
      'a callback, not waiting for the loop',
      'index.handler',
      {
        'index.js':
          'exports.handler = (event, context, done) => { context.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); done(null, "ok") }',
      },
    ],
    [
      'the AWS SDK by require',
      'index.handler',
      {
        'index.js':
          'const { SQSClient } = require("@aws-sdk/client-sqs"); exports.handler = async () => SQSClient ? "ok" : ""',
      },
    ],
    [
      'the AWS SDK by import',
      'index.handler',
      {
        'index.mjs':
          'import { SQSClient } from "@aws-sdk/client-sqs"; export const handler = async () => SQSClient ? "ok" : ""',
      },
    ],
  ])('runs with %s', async (title, Handler, files) => {
    const name = title.replace(/\W+/g, '-')
    await create(name, files, { Handler })
    expect(await invoke(name)).toMatchObject({ payload: 'ok' })
  })

  test('answers what it threw, and logs it', async () => {
    await create('throws', 'exports.handler = async () => { throw new TypeError("no such thing") }')
    const answer = await invoke('throws', {}, { LogType: 'Tail' })
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: {
        errorType: 'TypeError',
        errorMessage: 'no such thing',
        trace: expect.arrayContaining([expect.stringContaining('at ')]),
      },
    })
    expect(answer.log).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"TypeError"/)
  })

  test.each([
    [
      'a module that is missing',
      'require("not-there")',
      'Runtime.ImportModuleError',
      /Cannot find module 'not-there'/,
    ],
    [
      'a module of the project around the data folder',
      'require("zod")',
      'Runtime.ImportModuleError',
      /Cannot find module 'zod'/,
    ],
    ['a syntax error', 'exports.handler = (', 'Runtime.UserCodeSyntaxError', /SyntaxError/],
    [
      'no such export',
      'exports.other = 1',
      'Runtime.HandlerNotFound',
      /index.handler is undefined or not exported/,
    ],
    ['an error at its start', 'throw new RangeError("at start")', 'RangeError', /^at start$/],
    [
      'an exit at its start',
      'process.exit(3)',
      'Runtime.ExitError',
      /Runtime exited with error: exit status 3/,
    ],
    [
      'an exit',
      'exports.handler = () => process.exit(0)',
      'Runtime.ExitError',
      /^RequestId: \S{36} Error: Runtime exited without providing a reason$/,
    ],
    [
      'an uncaught exception',
      'exports.handler = () => { setTimeout(() => { throw new Error("late") }, 1) }',
      'Error',
      /^late$/,
    ],
    [
      'an unhandled rejection',
      'exports.handler = () => { Promise.reject(new Error("left")); setTimeout(() => {}, 1000) }',
      'Runtime.UnhandledPromiseRejection',
      /Error: left/,
    ],
    [
      'a promise that never settles',
      'exports.handler = async () => { await new Promise(() => {}) }',
      'Runtime.NodeJsExit',
      /never settled/,
    ],
    [
      'a signal',
      'exports.handler = () => process.kill(process.pid, "SIGSEGV")',
      'Runtime.ExitError',
      /signal: segmentation fault/,
    ],
  ])('fails as on Lambda for %s', async (title, source, errorType, errorMessage) => {
    const name = title.replace(/\W+/g, '-')
    await create(name, source)
    expect(await invoke(name)).toMatchObject({
      FunctionError: 'Unhandled',
      payload: { errorType, errorMessage: expect.stringMatching(errorMessage) },
    })
    expect(linesOf(name).filter((line) => line.startsWith('START'))).toHaveLength(1)
  })

  test('is killed at its time-out with what it started, and starts afresh', async () => {
    await create(
      'slow',
      `let n = 0
      exports.handler = async ({ hang }) => {
        if (!hang) return ++n
        console.log('child', require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)']).pid)
        for (;;);
      }`,
      { Timeout: 1 },
    )
    expect((await invoke('slow')).payload).toBe(1)
    const answer = await invoke('slow', { hang: true }, { LogType: 'Tail' })
    expect(answer).toMatchObject({
      FunctionError: 'Unhandled',
      payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 1.00 seconds$/),
      },
    })
    expect(answer.log).toMatch(/REPORT RequestId: .*\tStatus: timeout\t/)
    const child = Number(/child (\d+)/.exec(answer.log ?? '')?.[1])
    expect(child).toBeGreaterThan(1)
    await until(() => isGone(child))
    expect((await invoke('slow')).payload).toBe(1)
  })

  test('that runs out of memory says so', async () => {
    await create(
      'hungry',
      'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())) }',
      { Timeout: 60 },
    )
    const answer = await invoke('hungry', {}, { LogType: 'Tail' })
    expect(answer.payload.errorType).toBe('Runtime.OutOfMemory')
    expect(answer.log).toMatch(
      /Memory Size: 128 MB\tMax Memory Used: 128 MB\t.*Error Type: Runtime.OutOfMemory/,
    )
  }, 30_000)

  test('is said to have used its own memory, not that of the engine that started it', async () => {
    const ballast = Buffer.alloc(300 * 1024 ** 2, 1)
    await create('small', 'exports.handler = async () => process.memoryUsage.rss()')
    const { log, payload } = await invoke('small', {}, { LogType: 'Tail' })
    expect(Number(/Max Memory Used: (\d+) MB/.exec(log ?? '')?.[1])).toBeLessThan(
      (payload + ballast.length / 2) / 1024 ** 2,
    )
  })

  test('tells its CPU time, that of its start apart and once', async () => {
    await create(
      'busy',
      `exports.handler = async ({ cpu }) => {
        const start = process.cpuUsage()
        while (process.cpuUsage(start).user < cpu * 1000);
        await new Promise((resolve) => setTimeout(resolve, 1))
      }`,
    )
    await invoke('busy', { cpu: 100 })
    await invoke('busy', { cpu: 50 })
    const [first, second] = world.ended.filter(({ functionName }) => functionName === 'busy')
    expect(first?.hostInit?.cpu).toBeGreaterThan(0)
    expect(first?.hostInit?.duration).toBeGreaterThan(0)
    expect(first?.hostCpu).toBeGreaterThanOrEqual(100)
    expect(second?.hostInit).toBeUndefined()
    expect(second?.hostCpu).toBeGreaterThanOrEqual(50)
    expect(second?.hostDuration).toBeGreaterThan(0)
  })

  test('never gets the credentials, profile or endpoint of the machine or of its own variables', async () => {
    process.env['AWS_PROFILE'] = 'real'
    process.env['AWS_SECRET_ACCESS_KEY'] = 'real'
    try {
      await create('env', 'exports.handler = async () => process.env', {
        Environment: {
          Variables: {
            AWS_ENDPOINT_URL: 'https://sqs.us-east-1.amazonaws.com',
            AWS_ENDPOINT_URL_SQS: 'https://x',
            AWS_PROFILE: 'p',
            MINE: '1',
          },
        },
      })
      const { payload } = await invoke('env')
      expect(payload).toMatchObject({ AWS_ENDPOINT_URL: world.door.endpoint, MINE: '1' })
      expect(payload.AWS_SECRET_ACCESS_KEY).not.toBe('real')
      expect(
        Object.keys(payload).filter((key) => key === 'AWS_PROFILE' || key.startsWith('AWS_ENDPOINT_URL_')),
      ).toEqual([])
    } finally {
      delete process.env['AWS_PROFILE']
      delete process.env['AWS_SECRET_ACCESS_KEY']
    }
  })

  test('cannot reach AWS', async () => {
    await create(
      'away',
      'exports.handler = () => fetch("https://sqs.us-east-1.amazonaws.com/").catch((e) => { throw e.cause ?? e })',
    )
    expect((await invoke('away')).payload.errorMessage).toContain('sqs.us-east-1.amazonaws.com')
  })
})

describe('the log of an invocation', () => {
  test('is stored before the answer, in order, one event a call', async () => {
    await create(
      'logs',
      'exports.handler = async () => { console.log("one\\ntwo"); process.stdout.write("raw\\n"); console.error("three"); return 1 }',
    )
    const { log } = await invoke('logs', {}, { LogType: 'Tail' })
    const lines = linesOf('logs')
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: \S{36} Version: \$LATEST\n$/),
      expect.stringMatching(/^\d{4}-\S+Z\t\S{36}\tINFO\tone\ntwo$/),
      'raw',
      expect.stringMatching(/\tERROR\tthree$/),
      expect.stringMatching(/^END RequestId: \S{36}\n$/),
      expect.stringMatching(
        /^REPORT RequestId: \S{36}\tDuration: \d+\.00 ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: \d+\.00 ms\t\n$/,
      ),
    ])
    expect(log).toBe(lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join(''))
  })

  test('goes to the log group of the function, in JSON where it is set so', async () => {
    await create('json', 'exports.handler = async () => { console.debug("no"); console.warn({ a: 1 }) }', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/own/group' },
    })
    await invoke('json')
    expect([...world.logs.streams.keys()]).toContainEqual(
      expect.stringMatching(/^\/own\/group \d{4}\/\d\d\/\d\d\/json\[\$LATEST\]\[[0-9a-f]{32}\]$/),
    )
    expect(world.logs.of('/own/group').map((line) => JSON.parse(line))).toMatchObject([
      { type: 'platform.start', record: { version: '$LATEST' } },
      { level: 'WARN', message: { a: 1 }, requestId: expect.any(String) },
      { type: 'platform.report', record: { status: 'success', metrics: { memorySizeMB: 128 } } },
    ])
  })

  test('has a line of a megabyte and more in several events', async () => {
    await create('long', 'exports.handler = async () => { process.stdout.write("é".repeat(800000) + "\\n") }')
    await invoke('long')
    const lines = linesOf('long').filter((line) => line.startsWith('é'))
    expect(lines.map((line) => line.length)).toEqual([524_275, 275_725])
  })
})

test('a running invocation goes on while code changes, the next one has the new code', async () => {
  const file = join(world.dataDir, 'go-on')
  await create(
    'changing',
    `exports.handler = async ({ file }) => {
      while (!require('fs').existsSync(file)) await new Promise((r) => setTimeout(r, 10))
      return 'old'
    }`,
  )
  const running = invoke('changing', { file })
  await until(() => linesOf('changing').length > 0)
  await world.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: 'changing',
      ZipFile: zip({ 'index.js': 'exports.handler = async () => "new"' }),
    }),
  )
  expect((await invoke('changing')).payload).toBe('new')
  writeFileSync(file, '')
  expect((await running).payload).toBe('old')
})

test('a published version keeps its code and is called by number or ARN', async () => {
  await create(
    'versioned',
    'exports.handler = async (e, c) => ["old", c.functionVersion, c.invokedFunctionArn]',
  )
  await world.lambda.send(new PublishVersionCommand({ FunctionName: 'versioned' }))
  await world.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: 'versioned',
      ZipFile: zip({ 'index.js': 'exports.handler = async () => "new"' }),
    }),
  )
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:versioned:1'
  expect(await invoke(arn)).toMatchObject({ ExecutedVersion: '1', payload: ['old', '1', arn] })
  expect((await invoke('000000000000:function:versioned')).payload).toBe('new')
})
