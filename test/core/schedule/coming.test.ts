import { parseSchedule } from '../../../lib/core/schedule'
import { comingTicks } from '../../../lib/core/schedule/coming'

const coming = (text: string, timezone: string, after: string, count: number) =>
  comingTicks(parseSchedule(text, timezone), Date.parse(after), count).map(({ local, notes }) => [
    local,
    ...notes,
  ])

it('gives each tick the wall clock’s time with its offset', () => {
  expect(coming('cron(30 2 * * ? *)', 'Asia/Kolkata', '2026-01-01T00:00:00Z', 2)).toEqual([
    ['2026-01-02T02:30:00+05:30'],
    ['2026-01-03T02:30:00+05:30'],
  ])
  expect(coming('every 90 seconds', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual([
    ['2026-01-01T00:01:30Z'],
    ['2026-01-01T00:03:00Z'],
  ])
})

it('tells of the tick that the clocks skip in spring', () => {
  expect(coming('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-28T00:00:00Z', 2)).toEqual([
    ['2026-03-28T02:30:00+01:00'],
    [
      '2026-03-30T02:30:00+02:00',
      'clocks go forward before it: +01:00 becomes +02:00',
      '2026-03-29 02:30 does not exist: no tick',
    ],
  ])
})

it('tells of a change of the clocks that skips no tick', () => {
  expect(coming('cron(0 12 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z', 1)).toEqual([
    ['2026-03-29T12:00:00+02:00', 'clocks go forward before it: +01:00 becomes +02:00'],
  ])
})

it('tells of each of several skipped ticks, and of none twice', () => {
  const [first, second] = coming('cron(0/20 * * * ? *)', 'Europe/Berlin', '2026-03-29T00:45:00Z', 2)
  expect(first).toEqual([
    '2026-03-29T03:00:00+02:00',
    'clocks go forward before it: +01:00 becomes +02:00',
    '2026-03-29 02:00 does not exist: no tick',
    '2026-03-29 02:20 does not exist: no tick',
    '2026-03-29 02:40 does not exist: no tick',
  ])
  expect(second).toEqual(['2026-03-29T03:20:00+02:00'])
})

it('tells that a repeated time in autumn runs once', () => {
  expect(coming('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    ['2026-10-25T02:30:00+02:00', 'this time comes twice: it runs the first time only'],
    ['2026-10-26T02:30:00+01:00', 'clocks go back before it: +02:00 becomes +01:00'],
  ])
})

it('counts intervals from an instant, whatever the clocks do', () => {
  expect(coming('every 1 hour', 'Europe/Berlin', '2026-10-25T00:30:00Z', 2)).toEqual([
    ['2026-10-25T01:00:00Z'],
    ['2026-10-25T02:00:00Z'],
  ])
})
