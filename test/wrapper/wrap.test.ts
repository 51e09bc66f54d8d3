import { parseRecord, type StartRecord } from '../../lib/core/log-record'
import type { AnyHandler } from '../../lib/wrapper/invoke'
import { wrapHandler } from '../../lib/wrapper/wrap'
import version1 from '../fixtures/version-1/payload.json'
import { FakeLogs, lost, throttled } from './fake-logs'
import { invocation } from './invocation'

// The original console, to which everything goes as well, need not be seen; replaced before the capture builds on it
for (const method of ['log', 'info', 'debug', 'warn', 'error', 'trace'] as const) {
  jest.spyOn(console, method).mockImplementation(() => {})
}

let logs: FakeLogs
let exit: jest.Mock
beforeEach(() => {
  logs = new FakeLogs()
  exit = jest.fn()
})

const wrap = (handler: AnyHandler) => wrapHandler(handler, { logs, exit })
const run = async (handler: AnyHandler, options?: Parameters<typeof invocation>[0]) => {
  const { event, context } = invocation(options)
  return wrap(handler)(event, context, () => {})
}
const records = (stream?: string) => logs.messages(stream).map(parseRecord)
const userLines = (stream?: string) => logs.messages(stream).filter((message) => !parseRecord(message))
const end = (stream?: string) => records(stream).at(-1)

describe('without our payload', () => {
  test('the handler gets what it was called with and answers as it does', () => {
    const handler = jest.fn(function (this: unknown, ..._args: unknown[]) {
      return this
    })
    const self = {}
    const args = [{ a: 1 }, {}, () => {}] as const
    expect(wrap(handler).apply(self, [...args])).toBe(self)
    expect(handler.mock.calls[0]).toEqual(args)
    expect(logs.calls).toEqual([])
  })

  test('the number of parameters is kept, by which the runtime knows callback handlers', () => {
    expect([wrap((_e) => 1).length, wrap((_e, _c) => 1).length, wrap((_e, _c, _b) => 1).length]).toEqual([
      1, 2, 3,
    ])
  })

  test('a streaming handler is returned as it is', () => {
    const handler = Object.assign(() => {}, {
      [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response',
    })
    expect(wrap(handler)).toBe(handler)
  })

  test.each(['operator', 'plain'] as const)(
    'a payload for a target that is %s changes nothing',
    async (target) => {
      await expect(run(async () => 7, { slipstream: { target } })).resolves.toBe(7)
      expect(logs.calls).toEqual([])
    },
  )
})

test('a success is a start record, its lines and an end record, and its value is returned', async () => {
  const value = { rows: 6 }
  const result = await run(async (event: { max_len: number }) => {
    for (let i = 0; i < event.max_len; i++) console.log('current run %d', i)
    return value
  })
  expect(result).toBe(value)
  expect(userLines()).toEqual([0, 1, 2, 3, 4, 5].map((i) => `INFO\tcurrent run ${i}`))
  const { at, endsBy } = records()[0] as StartRecord
  expect(records()[0]).toMatchObject({ slipstream: 'start', requestId: 'request-1' })
  expect(Date.parse(endsBy ?? '') - Date.parse(at)).toBeLessThanOrEqual(60_000)
  expect(end()).toMatchObject({ slipstream: 'end', outcome: 'returned', errors: 0, requestId: 'request-1' })
})

test('the start record is in the stream before the body begins', async () => {
  let seen = 0
  await run(async () => {
    seen = logs.messages().length
  })
  expect(seen).toBe(1)
})

test('each console method gives its level, and a call stays one event', async () => {
  await run(async () => {
    console.debug('a')
    console.info('b')
    console.warn('c\nd')
    console.trace('e')
    console.log({ f: 1 })
    console.log('')
  })
  expect(userLines()).toEqual(['DEBUG\ta', 'INFO\tb', 'WARN\tc\nd', 'TRACE\te', 'INFO\t{ f: 1 }', 'INFO\t'])
})

test('a line that counts is told at once, while the body runs', async () => {
  const warn = async () => {
    console.log('fine')
    console.error('broken')
    await logs.saw(/"slipstream":"error"/)
    console.error('again')
  }
  await run(warn)
  const verdict = { rule: 'ERROR', line: 2, text: 'ERROR\tbroken' }
  expect(records().filter((record) => record?.slipstream === 'error')[0]).toEqual({
    slipstream: 'error',
    verdict,
  })
  expect(end()).toMatchObject({ outcome: 'returned', errors: 2, verdict })
})

test('failOn and except decide what counts', async () => {
  const body = async () => {
    console.error('known trouble')
    console.log('quota exceeded')
  }
  await run(body, { slipstream: { failOn: ['ERROR', 'quota'], except: ['known'] } })
  expect(end()).toMatchObject({ errors: 1, verdict: { rule: 'quota', line: 2 } })
})

test.each<[string, AnyHandler]>([
  [
    'throws',
    () => {
      throw new TypeError('no table')
    },
  ],
  [
    'rejects',
    async () => {
      throw new TypeError('no table')
    },
  ],
  ['calls back with an error', (_e, _c, callback) => callback(new TypeError('no table'))],
])('a body that %s leaves the error with its stack, and Lambda gets it unchanged', async (_, handler) => {
  await expect(run(handler)).rejects.toThrow(TypeError)
  expect(userLines()).toEqual([expect.stringMatching(/^ERROR\tTypeError: no table\n {4}at /)])
  expect(end()).toMatchObject({
    outcome: 'threw',
    errors: 0,
    error: 'TypeError: no table',
    verdict: { rule: 'throw', line: 1 },
  })
})

test.each([
  ['a word', 'Error: a word'],
  [undefined, 'Error: undefined'],
  [{ code: 7 }, 'Error: { code: 7 }'],
])('what is thrown need not be an Error: %p', async (thrown, error) => {
  await expect(run(async () => Promise.reject(thrown))).rejects.toBe(thrown)
  expect(end()).toMatchObject({ outcome: 'threw', error })
})

describe('handlers that call back', () => {
  test('end with the callback, and what the event loop still holds is waited for', async () => {
    const handler: AnyHandler = (_event, _context, callback) => {
      callback(null, 'value')
      setTimeout(() => console.log('afterwards'), 50)
    }
    await expect(run(handler)).resolves.toBe('value')
    expect(userLines()).toEqual(['INFO\tafterwards'])
  })

  test('do not wait when the context says so', async () => {
    let timer: NodeJS.Timeout | undefined
    const handler: AnyHandler = (_event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false
      timer = setTimeout(() => console.log('afterwards'), 50_000)
      callback(null, 'value')
    }
    await expect(run(handler)).resolves.toBe('value')
    clearTimeout(timer)
    expect(userLines()).toEqual([])
  })

  test('are not over before the callback, though they do not wait for more', async () => {
    const handler: AnyHandler = (_event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false
      setTimeout(() => callback(null, 'later'), 50)
    }
    await expect(run(handler)).resolves.toBe('later')
  })

  test('a handler that only returns is over when the event loop is empty', async () => {
    await expect(
      run(() => {
        setTimeout(() => console.log('late'), 30)
        return 5
      }),
    ).resolves.toBe(5)
    expect(userLines()).toEqual(['INFO\tlate'])
  })
})

describe('the limit of an attempt', () => {
  test.each([
    ['its own timeout', '0.05 s', { stream: 'hung-1', remaining: 60_000, slipstream: { timeout: 0.05 } }],
    [
      "what is left of the function's",
      '1 min',
      { stream: 'hung-2', remaining: 60, slipstream: { timeout: 60 } },
    ],
  ])('%s ends the stream and then the process', async (_, limit, options) => {
    const exited = new Promise<number>((resolve) => {
      exit.mockImplementation(resolve)
    })
    const { stream } = options
    void run(async () => {
      console.log('begun')
      await new Promise(() => {})
    }, options)
    expect(await exited).toBe(1)
    expect(userLines(stream)).toEqual(['INFO\tbegun'])
    const error = `It reached its time-out of ${limit}.`
    expect(end(stream)).toMatchObject({ slipstream: 'end', outcome: 'timed-out', errors: 0, error })
  })
})

describe('the fence', () => {
  test('an attempt whose stream exists is not run again', async () => {
    const body = jest.fn()
    await run(async () => {})
    const before = logs.messages()
    await expect(run(body)).resolves.toMatchObject({
      slipstream: 'not-run',
      reason: expect.stringMatching(/another/),
    })
    expect(body).not.toHaveBeenCalled()
    expect(logs.messages()).toEqual(before)
  })

  test.each([
    ['after its start window', { slipstream: { startBy: Date.now() - 1 } }],
    ['that could outlive its slot', { slipstream: { until: Date.now() + 60_000 } }],
  ])('an attempt %s is refused and touches nothing', async (_, options) => {
    const body = jest.fn()
    await expect(run(body, options)).rejects.toMatchObject({ name: 'SlipstreamNotRun' })
    expect(body).not.toHaveBeenCalled()
    expect(logs.calls).toEqual([])
  })

  test('an event in a format that came after this package runs nothing, and Lambda is told', async () => {
    const body = jest.fn()
    await expect(run(body, { slipstream: { v: 2 } as object })).rejects.toMatchObject({
      name: 'SlipstreamNotRun',
      message: expect.stringContaining('format 2'),
    })
    expect(body).not.toHaveBeenCalled()
    expect(logs.calls).toEqual([])
  })

  test('an event of an older dispatcher, or of a newer one that says more, runs as ever', async () => {
    const event = {
      ...version1,
      slipstream: { ...version1.slipstream, startBy: Date.now() + 1000, until: Date.now() + 1e6 },
    }
    const handler = wrap(async ({ max }: { max: number }) => max)
    const { context } = invocation()
    await expect(handler(event, context, undefined)).resolves.toBe(6)
    const newer = { ...event, stream_name: 'newer', slipstream: { ...event.slipstream, more: true } }
    await expect(handler(newer, context, undefined)).resolves.toBe(6)
    expect(logs.calls.filter((call) => call === 'createStream')).toHaveLength(2)
  })

  test('a throttled CreateLogStream is asked again', async () => {
    logs.faults.push(
      ...[1, 2, 3].map(() => ({ call: 'createStream', when: 'before', error: throttled() }) as const),
    )
    await expect(run(async () => 'ran')).resolves.toBe('ran')
  })

  test('an answer that was lost does not make the owner step aside', async () => {
    logs.faults.push({ call: 'createStream', when: 'after', error: lost() })
    await expect(run(async () => 'ran')).resolves.toBe('ran')
    expect(logs.calls.slice(0, 3)).toEqual(['createStream', 'createStream', 'createdAt'])
  })

  test('in doubt, a stream that is older than the first try is another one’s', async () => {
    logs.streams.set('s', { created: Date.now() - 10_000, events: [] })
    logs.faults.push({ call: 'createStream', when: 'before', error: lost() })
    await expect(run(async () => 'ran')).resolves.toMatchObject({ slipstream: 'not-run' })
  })

  test('without the log group nothing runs, and Lambda is told', async () => {
    logs.groupExists = false
    const body = jest.fn()
    await expect(run(body)).rejects.toMatchObject({
      name: 'SlipstreamNotRun',
      message: expect.stringContaining('ResourceNotFoundException'),
    })
    expect(body).not.toHaveBeenCalled()
  })

  test('nothing runs when the start record cannot be written', async () => {
    logs.faults.push({
      call: 'putEvents',
      when: 'before',
      error: Object.assign(lost(), { $metadata: { httpStatusCode: 403 } }),
    })
    const body = jest.fn()
    await expect(run(body)).rejects.toThrow()
    expect(body).not.toHaveBeenCalled()
  })
})

test('a handler that is wrapped twice runs once, with one log', async () => {
  const inner = wrap(async () => {
    console.log('ran')
    return 7
  })
  await expect(run((event, context, callback) => inner(event, context, callback))).resolves.toBe(7)
  expect(userLines()).toEqual(['INFO\tran'])
  expect(
    records()
      .filter(Boolean)
      .map((record) => record?.slipstream),
  ).toEqual(['start', 'end'])
})

test('a throttled flush is tried again and nothing is lost or doubled', async () => {
  const handler = async () => {
    logs.faults.push({ call: 'putEvents', when: 'before', error: throttled() })
    console.log('kept')
  }
  await run(handler)
  expect(userLines()).toEqual(['INFO\tkept'])
})

test('a log that cannot be written fails the invocation, so that Lambda reports it', async () => {
  await expect(
    run(async () => {
      logs.streams.delete('s')
      console.log('lost')
    }),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('what an ended attempt left behind prints into no stream', async () => {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  let leftover: Promise<void> | undefined
  const handler = async ({ stream_name }: { stream_name: string }) => {
    if (stream_name === 'first') {
      leftover = gate.then(() => console.log('from the first'))
      return
    }
    release()
    await leftover
    console.log('from the second')
  }
  await run(handler, { stream: 'first' })
  await run(handler, { stream: 'second' })
  expect(logs.messages('first').filter((m) => m.includes('from'))).toEqual([])
  expect(logs.messages('second').filter((m) => m.includes('from'))).toEqual(['INFO\tfrom the second'])
})
