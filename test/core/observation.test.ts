import { observe } from '../../lib/core/observation'
import { absent, type Item, type Write } from '../../lib/core/protocol/effect'
import { definitionOf } from '../support/world'

const at = (second: number) => new Date(Date.parse('2026-01-05T10:00:00.000Z') + second * 1000).toISOString()
const RUN = at(0)
const to = (status: string): Write => ({
  table: 'runs',
  key: { task: 'load', run: RUN },
  set: [[['status'], status]],
  when: absent('task'),
})
const record = (more: Item): Item => ({
  task: 'load',
  run: RUN,
  scheduledAt: RUN,
  trigger: 'schedule',
  payload: { password: 'secret' },
  definition: definitionOf(),
  error: 'of the user',
  ...more,
})
const begun = { attempt: 1, startedAt: at(3), attempts: [{ attempt: 1, logStream: 's', startedAt: at(3) }] }

test.each([
  ['a tick that starts', { status: 'RUNNING', ...begun }, { StartDelay: 3000 }],
  ['a run by hand that starts', { status: 'RUNNING', ...begun, trigger: 'manual' }, {}],
  ['a further attempt', { status: 'RUNNING', ...begun, attempt: 2, startedAt: at(60) }, {}],
  ['one that waits', { status: 'QUEUED' }, {}],
  ['one that is tried again', { status: 'RETRYING', ...begun }, { Retried: 1 }],
  ['a success', { status: 'SUCCEEDED', ...begun, finishedAt: at(10) }, { Succeeded: 1, Duration: 7000 }],
  [
    'a failure at the second try',
    { status: 'FAILED', reason: 'error', ...begun, attempt: 2, startedAt: at(60), finishedAt: at(70) },
    { Failed: 1, Duration: 67_000 },
  ],
  ['a time-out', { status: 'TIMED_OUT', ...begun, finishedAt: at(4) }, { TimedOut: 1, Duration: 1000 }],
  ['a tick that is skipped', { status: 'SKIPPED', reason: 'overlap', finishedAt: at(1) }, { Skipped: 1 }],
  ['a cancel', { status: 'CANCELLED', finishedAt: at(1) }, { Cancelled: 1 }],
  [
    'an error that comes late',
    { status: 'FAILED', reason: 'late-error', ...begun, finishedAt: at(10) },
    { Failed: 1 },
  ],
])('%s', (_, item, measures) => {
  const { attempt, status, reason } = item as Item
  expect(observe(to(item.status), record(item))).toEqual({
    task: 'load',
    run: { run: RUN, status, ...(attempt ? { attempt } : {}), ...(reason ? { reason } : {}) },
    measures,
  })
})

test.each([
  ['joins', { addMember: [['waiting'], RUN] as const }, { waiting: new Set([RUN, at(30)]) }, 2],
  ['leaves as the last', { remove: [['waiting']] }, {}, 0],
])('the number of those that wait when one %s', (_, change, item, Waiting) => {
  const write: Write = { table: 'locks', key: { task: 'load' }, when: absent('task'), ...change }
  expect(observe(write, item)).toEqual({ task: 'load', measures: { Waiting } })
})

test('what changes neither a status nor a waiting list is nothing to tell of', () => {
  const when = absent('task')
  expect(
    observe({ table: 'runs', key: { task: 'load' }, set: [[['error'], 'x']], when }, record({})),
  ).toBeUndefined()
  expect(
    observe({ table: 'locks', key: { task: 'load' }, set: [[['slots', RUN], 1]], when }, {}),
  ).toBeUndefined()
})
