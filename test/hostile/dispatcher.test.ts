import fc from 'fast-check'
import type { Message } from '../../lib/core/message'
import { definitionOf } from '../support/world'
import { DEEP, hostileWorld, mutated, SECRET } from './support'

const BATCHES = 500
/** In each. */
const POISONED = 40

const payload = { password: SECRET, nested: { list: [1, SECRET] } }
const definition = definitionOf({
  concurrency: 2,
  retry: { attempts: 3, delay: 30, backoff: 2, maxDelay: 60 },
})
const second = (at: number) => new Date(Math.floor(at / 1000) * 1000).toISOString()
const NOW = second(Date.now())

/** One of each kind, for a task of their own. */
const about = { task: 'poisoned', run: NOW }
const MESSAGES: Message[] = [
  { kind: 'tick', task: 'poisoned', scheduledAt: NOW, definition, payload },
  { kind: 'tick', task: 'poisoned', scheduledAt: NOW, everySeconds: 7, definition, payload },
  { ...about, kind: 'run', scheduledAt: NOW, trigger: 'manual', triggeredBy: 'me', definition, payload },
  { ...about, kind: 'next' },
  { ...about, kind: 'retry', attempt: 2, notBefore: 0 },
  { ...about, kind: 'deadline', attempt: 1, notBefore: 0 },
  {
    kind: 'backfill',
    task: 'poisoned',
    backfill: '2026-01-05T10:00:00.123Z',
    schedule: 'every 1 minute',
    timezone: 'UTC',
    from: '2026-01-05T10:00:00.000Z',
    to: '2026-01-05T10:05:00.000Z',
    definition,
    payload,
  },
]

const garbage = fc.oneof(
  {
    weight: 20,
    arbitrary: mutated(fc.constantFrom(...MESSAGES)).map((value) => JSON.stringify(value) ?? ''),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((text) => text + SECRET) },
  { weight: 2, arbitrary: fc.json() },
  fc.constantFrom(
    DEEP,
    `{"kind":"tick","payload":${DEEP}}`,
    JSON.stringify({ ...MESSAGES[0], payload: 0 }).replace('"payload":0', `"payload":{"deep":${DEEP}}`),
    JSON.stringify({ ...MESSAGES[0], payload: { text: SECRET.repeat(1000) } }),
    '{"kind":"tick","everySeconds":1e999}',
    '{"kind":"__proto__"}',
    '{"__proto__":{"kind":"next","task":"victim"}}',
  ),
)

const good = (task: string): Message => ({ kind: 'tick', task, scheduledAt: NOW, definition, payload })

const world = hostileWorld()
afterAll(() => jest.restoreAllMocks())

test(`of ${BATCHES * POISONED} poisoned messages each fails alone, and the good ones between them are done once`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(garbage, { minLength: POISONED, maxLength: POISONED }),
      fc.nat(POISONED),
      async (poisons, at) => {
        world.reset()
        const { ports } = world
        await world.dispatch([JSON.stringify(good('victim'))])
        const victim = [...ports.store.all('runs'), ...ports.store.all('locks')]
        // The same twice, as SQS may bring it, between the others.
        const message = JSON.stringify(good('good'))
        const bodies = [...poisons.slice(0, at), message, ...poisons.slice(at), message]

        const failures = await world.dispatch(bodies)

        expect(failures).not.toContain(at)
        expect(failures).not.toContain(bodies.length - 1)
        expect(ports.store.get('runs', { task: 'good', run: NOW })).toMatchObject({
          status: 'RUNNING',
          attempt: 1,
        })
        const invocations = ports.targets.invoked.map(({ payload }) => payload.slipstream.task)
        expect(invocations.filter((task) => task === 'good')).toHaveLength(1)
        expect(invocations.filter((task) => task === 'victim')).toHaveLength(1)
        for (const item of victim) {
          const { task, run } = item as { task: string; run?: string }
          expect(ports.store.get(run === undefined ? 'locks' : 'runs', { task, ...(run && { run }) })).toBe(
            item,
          )
        }
        expect(ports.store.refused).toEqual([])
        expect(world.logged.join('\n')).not.toContain(SECRET)
      },
    ),
    { numRuns: BATCHES },
  )
})

test('a message that comes again is logged with what it is about, and with nothing of what it holds', async () => {
  world.reset()
  world.ports.targets.result = { outcome: 'throttled' }
  expect(await world.dispatch([JSON.stringify(good('good')), `{"${SECRET}`])).toEqual([1, 0])
  const lines = world.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toEqual([
    expect.objectContaining({ level: 'ERROR', message: 'message failed', messageId: '1', receives: '1' }),
    expect.objectContaining({
      level: 'WARN',
      message: 'message comes again',
      messageId: '0',
      kind: 'tick',
      task: 'good',
      scheduledAt: NOW,
      function_request_id: 'request',
      reason: 'service-test-load is throttled',
    }),
  ])
  expect(world.logged.join('\n')).not.toContain(SECRET)
})
