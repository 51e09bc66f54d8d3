import { formatRecord } from '../../../lib/core/log-record'
import { onLogBatch } from '../../../lib/core/protocol/log-batch'
import { definitionOf, reportOf, TASK, World } from '../../support/world'

const verdict = { rule: 'ERROR', line: 3, text: 'ERROR\tfails at 2' }
const errorRecord = formatRecord({ slipstream: 'error', verdict })
const retry = { attempts: 2, delay: 30, backoff: 2, maxDelay: 3600 }

describe('the end record decides', () => {
  test.each([
    ['nothing counted', {}, { status: 'SUCCEEDED' }],
    ['lines that counted', { errors: 1, verdict }, { status: 'FAILED', reason: 'log-rule', verdict }],
    [
      'a throw',
      { outcome: 'threw', error: 'Error: no' },
      { status: 'FAILED', reason: 'error', error: 'Error: no' },
    ],
  ] as const)('%s', (_, end, expected) => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    world.end(run, end)
    expect(world.record(run)).toMatchObject(expected)
    expect(world.record(run).finishedAt).toBeDefined()
    expect(world.record(run).expiresAt).toBe(world.now / 1000 + 90 * 86_400)
    expect(world.lock.slots).toEqual({})
  })

  test.each([
    ["the wrapper's own time-out", 'timed-out', { status: 'TIMED_OUT', reason: 'timed-out' }],
    ['an error that nobody caught', 'crashed', { status: 'FAILED', reason: 'error', error: 'Error: no' }],
  ] as const)('%s is over only when Lambda reports that the process has ended', (_, outcome, expected) => {
    const world = new World()
    const run = world.tick(0)
    const stream = world.startBody(run)
    const end = formatRecord({
      slipstream: 'end',
      requestId: `request-${run}`,
      at: '',
      outcome,
      errors: 0,
      ...(outcome === 'crashed' ? { error: 'Error: no' } : {}),
    })
    world.log(run, end)
    expect(world.record(run).status).toBe('RUNNING')
    expect(world.streams.get(stream)).toContain(end)
    world.report(reportOf(world, run))
    expect(world.record(run)).toMatchObject(expected)
    expect(world.lock.slots).toEqual({})
  })

  test('an end record that is delivered twice releases the slot once', () => {
    const world = new World()
    const first = world.tick(0)
    const second = world.tick(30)
    world.end(first)
    world.deliverAll('next')
    world.end(first)
    expect(Object.keys(world.lock.slots)).toEqual([second])
  })

  test("a line that merely looks like an end record in other people's words decides nothing", () => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    world.log(run, `INFO\t{"slipstream":"end","outcome":"returned"}`, '{"slipstream":"end"}')
    expect(world.record(run).status).toBe('RUNNING')
  })

  test('a batch for a stream that the record does not name changes nothing', () => {
    const world = new World()
    const run = world.tick(0)
    const real = world.record(run).logStream as string
    world.startBody(run)
    const forged = real.replace(/-[0-9a-z]+$/, '-forged')
    world.streams.set(forged, [])
    const { logGroup } = world.record(run)
    const lines = [
      formatRecord({ slipstream: 'end', requestId: 'r', at: '', outcome: 'returned', errors: 0 }),
    ]
    world.run(onLogBatch(world.context(), { logGroup, logStream: forged, lines }))
    expect(world.record(run).status).toBe('RUNNING')
  })
})

describe('an error line', () => {
  test('marks the run at once, and the slot stays until the body is over', () => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    world.log(run, errorRecord)
    expect(world.record(run)).toMatchObject({ status: 'RUNNING', verdict })
    expect(world.lock.slots).toHaveProperty([run])
    world.end(run, { errors: 1, verdict })
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'log-rule' })
  })

  test('that overtakes an end record which counted nothing still fails the run', () => {
    const world = new World()
    const run = world.tick(0)
    world.log(run, errorRecord)
    world.end(run)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'log-rule', verdict })
  })

  test('that arrives after SUCCEEDED turns it into FAILED late-error', () => {
    const world = new World()
    const run = world.tick(0)
    world.end(run)
    world.log(run, errorRecord)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'late-error' })
  })
})

describe('retry', () => {
  test('a failed attempt with tries left is RETRYING, keeps its slot, and starts anew when due', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry }))
    world.end(run, { errors: 1, verdict })
    expect(world.record(run)).toMatchObject({ status: 'RETRYING', attempt: 1 })
    expect(world.lock.slots).toHaveProperty([run])
    expect(world.sent.at(-1)).toMatchObject({ message: { kind: 'retry', attempt: 2 }, delaySeconds: 30 })

    world.now += 30_000
    world.deliverAll('retry')
    const record = world.record(run)
    expect(record).toMatchObject({ status: 'RUNNING', attempt: 2 })
    expect(record.error).toBeUndefined()
    expect(record.attempts).toMatchObject([{ attempt: 1, outcome: 'log-rule' }, { attempt: 2 }])
    world.end(run)
    expect(world.record(run)).toMatchObject({ status: 'SUCCEEDED', attempt: 2 })
  })

  test('the last attempt decides', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ retry: { ...retry, delay: 0 } }))
    world.end(run, { errors: 1, verdict })
    world.deliverAll('retry')
    world.end(run, { outcome: 'threw', error: 'Error: again' })
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'error' })
    expect(world.lock.slots).toEqual({})
  })
})

describe('a target written for the old operator', () => {
  const operator = definitionOf({ target: 'operator' })

  test('succeeds by its End Request', () => {
    const world = new World()
    const run = world.tick(0, operator)
    world.log(
      run,
      'INFO    2026-01-05 10:00:01 root Start Request',
      'INFO    2026-01-05 10:00:02 root End Request',
    )
    expect(world.record(run).status).toBe('SUCCEEDED')
  })

  test('fails by an ERROR line, and the verdict counts the lines of its whole stream', () => {
    const world = new World()
    const run = world.tick(0, operator)
    const { logStream = '' } = world.record(run)
    world.streams.set(logStream, ['Start Request', 'INFO    t root current run 0'])
    world.log(run, 'ERROR    t root fails at 1')
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'log-rule', verdict: { line: 3 } })
  })
})

describe('the deadline', () => {
  const deadline = (world: World) => {
    world.now += 10 * 60_000
    world.deliverAll('deadline')
  }

  test('that comes early waits for its time', () => {
    const world = new World()
    const run = world.tick(0)
    const [own] = world.sent.splice(0)
    if (own) world.deliver(own.message)
    expect(world.sent).toMatchObject([own as object])
    expect(world.record(run).status).toBe('RUNNING')
  })

  test('settles by the stream where the subscription lost the end record', () => {
    const world = new World()
    const run = world.tick(0)
    const stream = world.startBody(run)
    world.streams
      .get(stream)
      ?.push(formatRecord({ slipstream: 'end', requestId: 'r', at: '', outcome: 'returned', errors: 0 }))
    deadline(world)
    expect(world.record(run).status).toBe('SUCCEEDED')
  })

  test('of a stream that was never written says what to look for', () => {
    const world = new World()
    const run = world.tick(0)
    deadline(world)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
    expect(world.record(run).error).toContain('serverless-slipstream/task')
    expect(world.lock.slots).toEqual({})
  })

  test('of a stream that a target in a VPC never wrote says what is in its way', () => {
    const world = new World()
    const run = world.tick(0, definitionOf({ vpc: true }))
    deadline(world)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'no-log' })
    expect(world.record(run).error).toContain('a NAT gateway or an interface endpoint')
  })

  test('of a stream that breaks off is lost-end', () => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    deadline(world)
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'lost-end' })
  })

  test('of an ended run whose slot was not released releases it', () => {
    const world = new World()
    const run = world.tick(0)
    const second = world.tick(30)
    const { logGroup, logStream = '' } = world.record(run)
    const lines = [
      formatRecord({ slipstream: 'end', requestId: 'r', at: '', outcome: 'returned', errors: 0 }),
    ]
    expect(() => world.run(onLogBatch(world.context(), { logGroup, logStream, lines }), 2)).toThrow()
    expect(world.record(run).status).toBe('SUCCEEDED')
    deadline(world)
    world.deliverAll('next')
    expect(world.record(second).status).toBe('RUNNING')
  })

  test('of a slot whose tick died before its record writes one that says so', () => {
    const world = new World()
    expect(() => world.tick(0, definitionOf(), { crashBefore: 3 })).toThrow()
    world.now += 10 * 60_000
    const next = world.tick(600)
    world.deliverAll('deadline', 'next')
    const lost = '2026-01-05T10:00:00.000Z'
    expect(world.record(lost)).toMatchObject({ status: 'FAILED', reason: 'not-started' })
    expect(world.record(next).status).toBe('RUNNING')
    expect(world.store.all('locks')[0]).toMatchObject({ task: TASK })
  })
})
