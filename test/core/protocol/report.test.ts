import { formatRecord } from '../../../lib/core/log-record'
import { definitionOf, reportOf, World } from '../../support/world'

describe("Lambda's report", () => {
  test.each([
    [
      'exit',
      { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' },
      'FAILED',
      'exited',
    ],
    [
      'time-out',
      { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 3.00 seconds' },
      'TIMED_OUT',
      'timed-out',
    ],
    ['out of memory', { errorType: 'Runtime.OutOfMemory', errorMessage: '' }, 'FAILED', 'out-of-memory'],
    ['killed', { errorType: 'Runtime.ExitError', errorMessage: 'signal: killed' }, 'FAILED', 'out-of-memory'],
  ])('%s of the invocation that owns the stream ends the attempt', (_, responsePayload, status, reason) => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    world.report(reportOf(world, run, { responsePayload }))
    expect(world.record(run)).toMatchObject({ status, reason })
    expect(world.lock.slots).toEqual({})
  })

  test.each([
    ['time-out', { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' }, 'no-log'],
    ['throw', { errorType: 'TimeoutError', errorMessage: 'connect' }, 'no-log'],
    ['lack of memory', { errorType: 'Runtime.OutOfMemory', errorMessage: '' }, 'out-of-memory'],
  ])(
    '%s of a target in a VPC that never wrote to its stream says what is in the way',
    (_, responsePayload, reason) => {
      const world = new World()
      const run = world.tick(0, definitionOf({ vpc: true }))
      world.report(reportOf(world, run, { responsePayload }))
      const record = world.record(run)
      expect(record).toMatchObject({ status: 'FAILED', reason })
      if (reason === 'no-log') {
        expect(record.error).toMatch(/runs in a VPC: is there a way from its subnets to CloudWatch Logs/)
        expect(record.error).toContain(responsePayload.errorMessage)
      }
    },
  )

  test('of a duplicate while the owner runs is not believed', () => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run, 'the owner')
    world.report(reportOf(world, run, {}, 'a duplicate'))
    expect(world.record(run).status).toBe('RUNNING')
  })

  const exit = {}
  const timeOut = { responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' } }
  test.each([
    ['exited before the owner began', 9_000, exit, 'RUNNING'],
    ['exited after it', 11_000, exit, 'FAILED'],
    ["was ended by its time-out before the owner's was over", 69_000, timeOut, 'RUNNING'],
    ['was ended by its time-out after that', 70_100, timeOut, 'TIMED_OUT'],
  ])('where Lambda ran one event twice: one that %s', (_, after, changes, status) => {
    const world = new World()
    const run = world.tick(0)
    const time = (ms: number) => new Date(world.now + ms).toISOString()
    const requestId = `request-${run}`
    world.startBody(run, requestId, { at: time(10_000), endsBy: time(70_000) })
    world.report(reportOf(world, run, { timestamp: time(after), ...changes }))
    expect(world.record(run).status).toBe(status)
  })

  test('that an invocation did not run the body ends the attempt only where no other can', () => {
    const notRun = {
      responsePayload: { errorType: 'SlipstreamNotRun', errorMessage: 'No stream could be created' },
    }
    const world = new World()
    const [first, second] = [0, 30].map((at) => world.tick(at, definitionOf({ concurrency: 2 }))) as [
      string,
      string,
    ]
    world.startBody(first)
    for (const run of [first, second]) world.report(reportOf(world, run, notRun))
    expect(world.record(first).status).toBe('RUNNING')
    expect(world.record(second)).toMatchObject({
      status: 'FAILED',
      reason: 'not-started',
      error: 'No stream could be created.',
    })
    expect(() => world.startBody(second)).toThrow('taken')
  })

  test('that an event aged out beside a live attempt is not believed', () => {
    const world = new World()
    const run = world.tick(0)
    world.startBody(run)
    const { responseContext, responsePayload, ...aged } = reportOf(world, run)
    world.report({ ...aged, requestContext: { requestId: `request-${run}`, condition: 'EventAgeExceeded' } })
    expect(world.record(run).status).toBe('RUNNING')
  })

  test('that nothing ever started fences the stream, so nothing can start any more', () => {
    const world = new World()
    const run = world.tick(0)
    const { responseContext, responsePayload, ...aged } = reportOf(world, run)
    world.report({ ...aged, requestContext: { requestId: 'x', condition: 'EventAgeExceeded' } })
    expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'not-started' })
    expect(() => world.startBody(run)).toThrow('taken')
  })

  test('of an exit after an end record was written goes by the end record', () => {
    const world = new World()
    const run = world.tick(0)
    const stream = world.startBody(run)
    world.streams.get(stream)?.push(
      formatRecord({
        slipstream: 'end',
        requestId: `request-${run}`,
        at: '',
        outcome: 'timed-out',
        errors: 0,
      }),
    )
    world.report(reportOf(world, run))
    expect(world.record(run)).toMatchObject({ status: 'TIMED_OUT' })
  })

  test('is the end of a plain target, for better or worse', () => {
    const world = new World()
    const definition = definitionOf({ target: 'plain', overlap: 'queue' })
    const good = world.tick(0, definition)
    world.report({
      requestContext: { requestId: 'x', condition: 'Success' },
      requestPayload: world.invoked[0]?.payload,
      responseContext: {},
    })
    expect(world.record(good).status).toBe('SUCCEEDED')
    const bad = world.tick(30, definition)
    world.report(reportOf(world, bad))
    expect(world.record(bad)).toMatchObject({ status: 'FAILED', reason: 'exited' })
  })

  test("with a payload that is not ours is nobody's", () => {
    const world = new World()
    const run = world.tick(0)
    world.report({ ...reportOf(world, run), requestPayload: { some: 'event' } })
    expect(world.record(run).status).toBe('RUNNING')
  })
})
