import { alertsText } from '../../../lib/core/alerts/describe'

it('says who is told of what, with the limits that hold', () => {
  expect(alertsText(undefined)).toBe('none')
  expect(alertsText({ on: ['failed', 'stuck'], after: 1, startGrace: 300, events: true })).toBe(
    'failed, stuck by events',
  )
  expect(
    alertsText({
      on: ['failed', 'late', 'missed', 'stuck', 'recovered'],
      after: 3,
      startGrace: 300,
      maxRuntime: 1800,
      remind: 86_400,
      topic: '0123abcd',
      webhook: '4567cdef',
    }),
  ).toBe(
    'failed (3 in a row), late (after 5 min), missed, stuck (after 30 min), recovered by topic, webhook, again after 1 d',
  )
})
