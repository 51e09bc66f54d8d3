import { definitionOf, TASK, World } from '../../support/world'

const minutes = (n: number) => n * 60

test('a tick takes the slot, is recorded RUNNING, and its target is invoked with the stream to write to', () => {
  const world = new World()
  const run = world.tick(0)

  expect(world.record(run)).toMatchObject({
    status: 'RUNNING',
    attempt: 1,
    trigger: 'schedule',
    scheduledAt: run,
  })
  expect(world.lock.slots).toHaveProperty([run])
  expect(world.invoked).toHaveLength(1)
  expect(world.invoked[0]?.payload).toMatchObject({
    max: 6,
    group_name: '/slipstream/service-test',
    stream_name: world.record(run).logStream,
    slipstream: { task: TASK, run, attempt: 1, scheduledAt: run },
  })
})

test('the deadline of an attempt is on the queue before its target is invoked', () => {
  const world = new World()
  expect(() => world.tick(0, definitionOf(), { by: 'a', crashBefore: 5 })).toThrow()
  expect(world.invoked).toHaveLength(0)
  expect(world.sent.map(({ message }) => message.kind)).toEqual(['deadline'])
})

test('a tick that is delivered twice makes one run', () => {
  const world = new World()
  const run = world.tick(0)
  world.tick(0)
  expect(world.invoked).toHaveLength(1)
  expect(Object.keys(world.lock.slots)).toEqual([run])
})

test.each([1, 2, 3, 4, 5])(
  'a handler that dies before its effect %i is made good by the redelivery',
  (crashBefore) => {
    const world = new World()
    const message = { by: 'same-message' }
    expect(() => world.tick(0, definitionOf(), { ...message, crashBefore })).toThrow()
    const run = world.tick(0, definitionOf(), message)
    expect(world.record(run).status).toBe('RUNNING')
    const streams = new Set(world.invoked.map(({ payload }) => payload.stream_name))
    expect(streams.size).toBe(1)
  },
)

test('an unwrapped target is never invoked a second time for an attempt', () => {
  const world = new World()
  const definition = definitionOf({ target: 'plain' })
  world.tick(0, definition, { by: 'same' })
  world.tick(0, definition, { by: 'same' })
  expect(world.invoked).toHaveLength(1)
})

test('a redelivery that comes after the start window does not invoke', () => {
  const world = new World()
  world.tick(0, definitionOf(), { by: 'same' })
  world.now += 121_000
  world.tick(0, definitionOf(), { by: 'same' })
  expect(world.invoked).toHaveLength(1)
})

test('with overlap: queue all busy ticks wait and run in order', () => {
  const world = new World()
  const runs = [0, 30, 60].map((at) => world.tick(at))
  expect(world.lock.waiting).toEqual(runs.slice(1))
  for (const run of runs) {
    expect(world.record(run).status).toBe('RUNNING')
    world.end(run)
    world.deliverAll('next')
    expect(world.record(run).status).toBe('SUCCEEDED')
  }
  expect(world.lock).toMatchObject({ slots: {}, waiting: [] })
})

test('with overlap: latest a newer tick takes the place of the one that waits, which says so', () => {
  const world = new World()
  const definition = definitionOf({ overlap: 'latest' })
  const [first, second, third] = [0, 30, 60].map((at) => world.tick(at, definition)) as [
    string,
    string,
    string,
  ]
  expect(world.record(second)).toMatchObject({ status: 'SKIPPED', reason: 'superseded', blockedBy: third })
  expect(world.lock.waiting).toEqual([third])
  world.end(first)
  world.deliverAll('next')
  expect(world.record(third).status).toBe('RUNNING')
})

test('with overlap: latest an older tick that comes late gives way to the newer one that waits', () => {
  const world = new World()
  const definition = definitionOf({ overlap: 'latest' })
  world.tick(0, definition)
  const newer = world.tick(60, definition)
  const older = world.tick(30, definition)
  expect(world.record(older)).toMatchObject({ status: 'SKIPPED', reason: 'superseded', blockedBy: newer })
  expect(world.lock.waiting).toEqual([newer])
})

test('with overlap: latest a run asked for by hand is never displaced', () => {
  const world = new World()
  const definition = definitionOf({ overlap: 'latest' })
  world.tick(0, definition)
  const manual = '2026-01-05T10:00:10.123Z'
  world.deliver({ kind: 'run', task: TASK, run: manual, scheduledAt: manual, trigger: 'manual', definition })
  const tick = world.tick(30, definition)
  expect(world.lock.waiting).toEqual([manual, tick])
  expect(world.record(manual).status).toBe('QUEUED')
})

test('with overlap: skip a busy tick is SKIPPED and names the run that stood in its way', () => {
  const world = new World()
  const definition = definitionOf({ overlap: 'skip' })
  const first = world.tick(0, definition)
  const second = world.tick(30, definition)
  expect(world.record(second)).toMatchObject({ status: 'SKIPPED', reason: 'overlap', blockedBy: first })
  expect(world.record(second).expiresAt).toBeGreaterThan(world.now / 1000)
})

test('concurrency is the number of bodies at once', () => {
  const world = new World()
  const definition = definitionOf({ concurrency: 2 })
  const [first, , third] = [0, 30, 60].map((at) => world.tick(at, definition)) as [string, string, string]
  expect(world.invoked).toHaveLength(2)
  world.end(first)
  world.deliverAll('next')
  expect(world.record(third).status).toBe('RUNNING')
})

test('a tick older than startWithin is SKIPPED too-late', () => {
  const world = new World()
  const run = world.tick(-minutes(11), definitionOf({ startWithin: 600 }))
  expect(world.record(run)).toMatchObject({ status: 'SKIPPED', reason: 'too-late' })
  expect(world.invoked).toHaveLength(0)
})

test('a tick that grew too old while it waited is SKIPPED and hands the slot on', () => {
  const world = new World()
  const definition = definitionOf({ startWithin: 600 })
  const [first, second, third] = [0, 30, minutes(10)].map((at) => world.tick(at, definition)) as [
    string,
    string,
    string,
  ]
  world.now += minutes(11) * 1000
  world.end(first)
  world.deliverAll('next')
  expect(world.record(second)).toMatchObject({ status: 'SKIPPED', reason: 'too-late' })
  expect(world.record(third).status).toBe('RUNNING')
})

test('a wake-up that is lost is repeated by whoever comes again', () => {
  const world = new World()
  const [first, second] = [0, 30].map((at) => world.tick(at)) as [string, string]
  world.end(first)
  world.sent.splice(0)
  world.end(first)
  world.deliverAll('next')
  expect(world.record(second).status).toBe('RUNNING')
})

test('a message of a once-a-minute schedule becomes the ticks of the next minute, each with its delay', () => {
  const world = new World()
  world.deliver({
    kind: 'tick',
    task: TASK,
    scheduledAt: '2026-01-05T10:00:00Z',
    everySeconds: 30,
    definition: definitionOf(),
  })
  expect(
    world.sent.map(({ message, delaySeconds }) => [
      message.kind === 'tick' && message.scheduledAt,
      delaySeconds,
    ]),
  ).toEqual([
    ['2026-01-05T10:01:00.000Z', 60],
    ['2026-01-05T10:01:30.000Z', 90],
  ])
})

test('a placeholder that nobody replaced is refused with what to do', () => {
  const world = new World()
  const scheduledAt = '<aws.scheduler.scheduled-time>'
  expect(() => world.deliver({ kind: 'tick', task: TASK, scheduledAt, definition: definitionOf() })).toThrow(
    'only EventBridge Scheduler may send this message',
  )
})

test('a function that Lambda refuses to invoke fails its run and frees the slot', () => {
  const world = new World()
  world.invokeResult = { outcome: 'refused', error: 'ResourceNotFoundException: Function not found' }
  const run = world.tick(0)
  expect(world.record(run)).toMatchObject({ status: 'FAILED', reason: 'refused' })
  expect(world.record(run).error).toContain('Function not found')
  expect(world.lock.slots).toEqual({})
})

test('a throttled invoke of a wrapped target is tried again by the redelivery', () => {
  const world = new World()
  world.invokeResult = { outcome: 'throttled' }
  expect(() => world.tick(0, definitionOf(), { by: 'same' })).toThrow('throttled')
  world.invokeResult = { outcome: 'accepted' }
  const run = world.tick(0, definitionOf(), { by: 'same' })
  expect(world.record(run).status).toBe('RUNNING')
  expect(world.invoked).toHaveLength(2)
})
