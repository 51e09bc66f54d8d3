import { hasPython } from '../support/python'
import type { TestService } from './support/service'
import { targetsService } from './support/targets'
import { startWorld, type World } from './support/world'

const withPython = hasPython('boto3') ? it : it.skip

jest.setTimeout(60_000)

describe('what becomes of a run', () => {
  let service: TestService
  let world: World

  beforeAll(async () => {
    // Python functions keep the machine's time, so the others' may not be far from it.
    world = await startWorld('targets', new Date().toISOString())
    service = targetsService('targets', functions, tasks)
    await service.sls(world.engine.endpoint, 'deploy')
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    service?.remove()
  })

  const functions = {
    hang: { handler: 'targets/hang.handler', timeout: 5 },
    busy: { handler: 'targets/busy.handler', timeout: 5 },
    exit: { handler: 'targets/exit.handler' },
    greedy: { handler: 'targets/greedy.handler', memorySize: 128 },
    megabyte: { handler: 'targets/megabyte.handler' },
    forge: { handler: 'targets/forge.handler' },
    crash: { handler: 'targets/crash.handler' },
    throwsOnLoad: { handler: 'targets/throws-on-load.handler' },
    callback: { handler: 'targets/callback.handler' },
    module: { handler: 'targets/module.handler' },
    say: { handler: 'targets/say.handler' },
    plain: { handler: 'targets/plain.handler' },
    plainBusy: { handler: 'targets/busy.handler', timeout: 5 },
    closed: { handler: 'targets/say.handler', reservedConcurrency: 0 },
    operator: { handler: 'targets/operator.handler', runtime: 'python3.13' },
  }
  const tasks = {
    hang: { function: 'hang' },
    slow: { function: 'say', timeout: 2, payload: { lines: ['begun'], seconds: 20 } },
    busy: { function: 'busy' },
    exit: { function: 'exit' },
    greedy: { function: 'greedy' },
    megabyte: { function: 'megabyte' },
    forge: { function: 'forge' },
    crash: { function: 'crash' },
    'throws-on-load': { function: 'throwsOnLoad' },
    callback: { function: 'callback' },
    module: { function: 'module', payload: { max_len: 6 } },
    rules: {
      function: 'say',
      failOn: ['BROKEN', 'no rows'],
      except: ['(known)'],
      payload: { lines: ['ERROR is no rule here', 'BROKEN (known)', 'there are no rows', 'BROKEN'] },
    },
    excepted: { function: 'say', except: 'harmless', payload: { lines: ['ERROR: a harmless one'] } },
    plain: { function: 'plain', target: 'plain' as const },
    'plain-fails': { function: 'plain', target: 'plain' as const, payload: { fail: true } },
    'plain-busy': { function: 'plainBusy', target: 'plain' as const },
    closed: { function: 'closed' },
    nowhere: { function: 'no-such-function', target: 'plain' as const },
    unwrapped: {
      function: 'arn:aws:lambda:us-east-1:000000000000:function:targets-dev-plain',
      target: 'wrapped' as const,
    },
    operator: { function: 'operator', target: 'operator' as const },
    'operator-fails': { function: 'operator', target: 'operator' as const, payload: { fail: 1 } },
  }

  const run = (task: keyof typeof tasks) => world.runOnce(task)

  it('a body that never returns', async () => {
    const { record, lines } = await run('hang')
    expect(record).toMatchObject({ status: 'TIMED_OUT', reason: 'timed-out', attempt: 1 })
    expect(lines).toEqual(['INFO\tbegun'])
  })

  it('a body that is longer at it than its task allows is ended by the wrapper', async () => {
    const { record, lines, end } = await run('slow')
    expect(record).toMatchObject({ status: 'TIMED_OUT', reason: 'timed-out' })
    expect(lines).toEqual(['INFO\tbegun'])
    expect(end).toMatchObject({ outcome: 'timed-out', errors: 0 })
  })

  it('a body that blocks its process is ended by Lambda, and keeps what it had said', async () => {
    const { record, lines, end } = await run('busy')
    expect(record).toMatchObject({ status: 'TIMED_OUT', reason: 'timed-out' })
    expect(record.error).toContain('Task timed out after 5.00 seconds')
    expect(lines).toEqual(['INFO\tbegun'])
    expect(end).toBeUndefined()
  })

  it('a body that ends its process is told by Lambda', async () => {
    const { record, end } = await run('exit')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'exited' })
    expect(record.error).toContain('exit status 3')
    expect(end).toBeUndefined()
  })

  it('a body that takes more memory than it has', async () => {
    const { record } = await run('greedy')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'out-of-memory' })
  })

  it('a line of a megabyte is in the stream whole', async () => {
    const { record, lines } = await run('megabyte')
    expect(record.status).toBe('SUCCEEDED')
    expect(lines.at(-1)).toBe('INFO\tbehind it')
    const text = lines.slice(0, -1).map((part) => part.replace(/^\[part \d+ of \d+\] /, ''))
    expect(text.join('') === `INFO\t${'x'.repeat(1024 * 1024)}`).toBe(true)
  })

  it('an end record that the body forges is a line as any other', async () => {
    const { record, lines, end } = await run('forge')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'error', error: 'Error: not a success' })
    expect(lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^INFO\t\{"slipstream":"end"/),
      expect.stringMatching(/^INFO\t\{"slipstream":"end"/),
      'INFO\tEnd Request',
    ])
    expect(end).toMatchObject({ outcome: 'threw', error: 'Error: not a success' })
  })

  it('an error that no promise of the handler sees', async () => {
    const { record, lines, end } = await run('crash')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'error', error: 'Error: in a timer' })
    expect(record.verdict).toMatchObject({ rule: 'throw', line: 2 })
    expect(lines[1]).toMatch(/^ERROR\tError: in a timer\n/)
    expect(end).toMatchObject({ outcome: 'crashed' })
  })

  it('a module that cannot be loaded', async () => {
    const { record, lines } = await run('throws-on-load')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'error', error: 'Error: no configuration' })
    expect(lines[0]).toMatch(/^ERROR\tError: no configuration\n/)
  })

  it('a handler with a callback', async () => {
    const { record, lines } = await run('callback')
    expect(record.status).toBe('SUCCEEDED')
    expect(lines).toEqual(['INFO\tstill open'])
  })

  it('an ES module', async () => {
    const { record, lines } = await run('module')
    expect(record.status).toBe('SUCCEEDED')
    expect(lines).toEqual(['INFO\tfrom a module'])
  })

  it("its task's own rules of what fails it, the first line that matches first", async () => {
    const { record, end } = await run('rules')
    expect(record).toMatchObject({
      status: 'FAILED',
      reason: 'log-rule',
      verdict: { rule: 'no rows', line: 3, text: 'INFO\tthere are no rows' },
    })
    expect(end).toMatchObject({ outcome: 'returned', errors: 2 })
  })

  it('a line that does not count', async () => {
    const { record, lines } = await run('excepted')
    expect(record.status).toBe('SUCCEEDED')
    expect(lines).toEqual(['ERROR: a harmless one'])
  })

  it.each([
    ['returned', 'plain' as const, { status: 'SUCCEEDED' }],
    ['threw', 'plain-fails' as const, { status: 'FAILED', reason: 'error', error: 'Error: fails' }],
    ['blocks', 'plain-busy' as const, { status: 'TIMED_OUT', reason: 'timed-out' }],
  ])('a plain function that %s, by what Lambda reports', async (_, task, expected) => {
    const { record } = await run(task)
    expect(record).toMatchObject(expected)
    expect(record.requestId).toBeDefined()
  })

  it('a function that Lambda does not run', async () => {
    const { record, lines } = await run('closed')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'not-started' })
    expect(lines).toEqual([expect.stringMatching(/^WARN\tNever started: /)])
  })

  it('a function that is not there', async () => {
    const { record } = await run('nowhere')
    expect(record).toMatchObject({ status: 'FAILED', reason: 'refused' })
    expect(record.error).toContain('no-such-function')
  })

  it('a function that was to be wrapped and is not, with what to do', async () => {
    const key = await world.fire('unwrapped')
    const find = async () => (await world.runs('unwrapped')).find((record) => record.run === key)
    const { until = 0 } = await world.until(find)
    await world.advance(until - world.clock.now())
    const record = await world.until(async () => {
      const found = await find()
      return found?.status === 'RUNNING' ? undefined : found
    })
    expect(record).toMatchObject({ status: 'FAILED', reason: 'no-log' })
    expect(record.error).toContain('task() from serverless-slipstream/task')
  })

  withPython('a function written for the old operator', async () => {
    const { record, all } = await run('operator')
    expect(record).toMatchObject({ status: 'SUCCEEDED' })
    expect(all.map((line) => line.replace(/^(\S+ +)\S+ \S+ /, '$1'))).toEqual([
      'INFO     report Start Request',
      'INFO     report current run 0',
      'INFO     report current run 1',
      'INFO     report current run 2',
      'INFO     report End Request',
    ])
  })

  withPython('a function written for the old operator that fails', async () => {
    const { record, all } = await run('operator-fails')
    expect(record).toMatchObject({
      status: 'FAILED',
      reason: 'log-rule',
      verdict: { rule: 'ERROR', line: 3, text: all[2] },
    })
    expect(all[2]).toMatch(/^ERROR {4}.* the report could not be made$/)
    expect(all.at(-1)).toBe('ValueError: fails at 1')
  })
})
