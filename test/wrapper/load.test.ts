import { parseRecord } from '../../lib/core/log-record'
import { wrapModule } from '../../lib/wrapper/load'
import { FakeLogs } from './fake-logs'
import { invocation } from './invocation'

for (const method of ['log', 'error'] as const) jest.spyOn(console, method).mockImplementation(() => {})

let logs: FakeLogs
beforeEach(() => {
  logs = new FakeLogs()
})

const wrap = (load: () => unknown, name = 'handler') => wrapModule(load, name, { logs, exit: () => {} })
const call = (handler: ReturnType<typeof wrap>) => {
  const { event, context } = invocation()
  return handler(event, context, () => {})
}

test.each<[string, unknown, string]>([
  ['required', { handler: async () => 7 }, 'handler'],
  ['imported', Promise.resolve({ handler: async () => 7 }), 'handler'],
  ['an imported CommonJS module', Promise.resolve({ default: { handler: async () => 7 } }), 'handler'],
  ['nested', { jobs: { load: async () => 7 } }, 'jobs.load'],
])('finds the handler of a module that is %s', async (_, module, name) => {
  const handler = wrap(() => module, name)
  await expect(handler({}, {}, () => {})).resolves.toBe(7)
  await expect(call(handler)).resolves.toBe(7)
})

test('loads once, and at once', async () => {
  const load = jest.fn(async () => ({ handler: async () => {} }))
  const handler = wrap(load)
  expect(load).toHaveBeenCalledTimes(1)
  await handler({}, {}, () => {})
  await call(handler)
  expect(load).toHaveBeenCalledTimes(1)
})

test('the number of parameters of a required handler is kept', () => {
  expect(
    wrap(() => ({ handler: (_event: unknown, _context: unknown, _callback: unknown) => {} })),
  ).toHaveLength(3)
})

test.each<[string, () => unknown]>([
  [
    'required',
    () => {
      throw new Error('no configuration')
    },
  ],
  [
    'imported',
    async () => {
      throw new Error('no configuration')
    },
  ],
])('an error while a module is %s stands in the log of the run and goes to Lambda', async (_, load) => {
  const handler = wrap(load)
  await expect(call(handler)).rejects.toThrow('no configuration')
  expect(logs.messages()[1]).toMatch(/^ERROR\tError: no configuration\n/)
  expect(parseRecord(logs.messages().at(-1) ?? '')).toMatchObject({
    outcome: 'threw',
    error: 'Error: no configuration',
  })
  await expect(handler({}, {}, () => {})).rejects.toThrow('no configuration')
})

test('a module that failed to load is loaded anew by the next invocation', async () => {
  const load = jest
    .fn()
    .mockRejectedValueOnce(new Error('not yet'))
    .mockResolvedValue({ handler: async () => 7 })
  const handler = wrap(load)
  await expect(handler({}, {}, () => {})).rejects.toThrow('not yet')
  await expect(call(handler)).resolves.toBe(7)
})

test.each([
  [{}, 'handler is undefined or not exported'],
  [{ handler: 5 }, 'handler is not a function'],
])('an export that is no handler is named: %p', async (module, message) => {
  await expect(call(wrap(() => module))).rejects.toMatchObject({ name: 'Runtime.HandlerNotFound', message })
})

test('a required handler that streams its response is left alone', () => {
  const handler = Object.assign(() => {}, {
    [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response',
  })
  expect(wrap(() => ({ handler }))).toBe(handler)
})
