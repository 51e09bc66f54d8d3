import { BackfillMessage, RunMessage } from '../../lib/core/message'
import { backfillOf, manualKey, manualRun, rerunOf } from '../../lib/core/requests'
import { definitionOf, TASK, World } from '../support/world'

const NOW = Date.parse('2026-01-05T10:00:00.000Z')
const definition = definitionOf()

describe('the key of a run that is not a tick', () => {
  test.each([0, 1, 998, 999, 1_000_000, 2 ** 31])('is no tick even at a whole second (salt %i)', (salt) => {
    expect(manualKey(NOW, salt)).toMatch(/^2026-01-05T10:00:00\.(?!000)\d{3}Z$/)
  })

  test('is the time at which it was asked for', () => {
    expect(manualKey(NOW + 7, 5)).toBe('2026-01-05T10:00:00.007Z')
  })
})

test('a run by hand is a message that the dispatcher reads', () => {
  const message = manualRun({ task: TASK, definition, payload: { a: 1 } }, { now: NOW + 1, salt: 0 })
  expect(RunMessage.parse(message)).toMatchObject({ trigger: 'manual', scheduledAt: message.run })
})

test('a rerun is a run of its own for the same tick, with the same payload', () => {
  const world = new World()
  const run = world.tick(0)
  world.end(run)
  const message = rerunOf(world.record(run), definition, {
    now: world.now + 9_001,
    salt: 0,
    triggeredBy: 'ann',
  })
  world.deliver(RunMessage.parse(message))
  expect(world.record(message.run)).toMatchObject({
    run: '2026-01-05T10:00:09.001Z',
    trigger: 'rerun',
    triggeredBy: 'ann',
    rerunOf: run,
    scheduledAt: run,
    payload: { max: 6 },
    status: 'RUNNING',
  })
  expect(world.record(run).status).toBe('SUCCEEDED')
})

test('a backfill ends now where its end is yet to come, and begins in whole seconds', () => {
  const stretch = { schedule: 'every 1 minute', timezone: 'UTC', from: NOW - 500, to: NOW + 60_000 }
  const message = backfillOf({ task: TASK, definition }, stretch, { now: NOW + 1, salt: 0 })
  expect(BackfillMessage.parse(message)).toMatchObject({
    from: '2026-01-05T10:00:00.000Z',
    to: '2026-01-05T10:00:00.001Z',
  })
})
