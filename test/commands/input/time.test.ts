import {
  parseBound,
  parseComing,
  parseCount,
  parseDuration,
  parsePast,
} from '../../../lib/commands/input/time'

// A Wednesday; in Berlin the clocks go forward on Sunday the 29th, at 02:00.
const now = Date.parse('2026-03-25T22:30:00Z')
const berlin = { now, timezone: 'Europe/Berlin' }
const utc = { now, timezone: 'UTC' }
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')

describe('a moment still to come', () => {
  it.each([
    ['90s', '2026-03-25T22:31:30Z'],
    ['2h', '2026-03-26T00:30:00Z'],
    ['3 days', '2026-03-28T22:30:00Z'],
    ['1w', '2026-04-01T22:30:00Z'],
    ['2026-04-01T06:00Z', '2026-04-01T06:00:00Z'],
    ['2026-04-01T06:00:00+02:00', '2026-04-01T04:00:00Z'],
  ])('is %s', (text, at) => expect(iso(parseComing('until', text, berlin))).toBe(at))

  it('is in the task’s zone where it names none', () => {
    expect(iso(parseComing('until', '2026-04-01', berlin))).toBe('2026-03-31T22:00:00Z')
    expect(iso(parseComing('until', '2026-04-01 06:00', berlin))).toBe('2026-04-01T04:00:00Z')
    expect(iso(parseComing('until', '2026-04-01', utc))).toBe('2026-04-01T00:00:00Z')
  })

  it('is the next beginning of a weekday, never today’s', () => {
    expect(iso(parseComing('until', 'monday', berlin))).toBe('2026-03-29T22:00:00Z')
    expect(iso(parseComing('until', 'Wednesday', berlin))).toBe('2026-03-31T22:00:00Z')
    expect(iso(parseComing('until', 'thursday', berlin))).toBe('2026-03-25T23:00:00Z')
  })

  it.each(['soon', '2026-02-30', '2026-13-01T00:00Z', '5', '-2h', '', 'mon day'])('is not "%s"', (text) =>
    expect(() => parseComing('until', text, utc)).toThrow(/^--until must be/),
  )

  it('is not over', () => {
    expect(() => parseComing('until', '2026-03-25', utc)).toThrow(
      '--until is over already: 2026-03-25T00:00:00.000Z',
    )
  })
})

it('takes a moment that has been', () => {
  expect(iso(parsePast('since', '24h', utc))).toBe('2026-03-24T22:30:00Z')
  expect(iso(parsePast('since', '2026-03-25', berlin))).toBe('2026-03-24T23:00:00Z')
  expect(() => parsePast('since', 'yesterday', utc)).toThrow(/^--since must be/)
})

it('takes a day as the whole day of the zone, also where the clocks change in it', () => {
  const day = (date: string) =>
    ['from', 'to'].map((end) => parseBound(end, date, berlin, end as 'from' | 'to'))
  expect(day('2026-03-29').map(iso)).toEqual(['2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z'])
  expect(day('2026-03-30').map(iso)).toEqual(['2026-03-29T22:00:00Z', '2026-03-30T21:59:59.999Z'])
})

it('takes days of the past by their names, and spans before now, as the ends of a range', () => {
  const range = (from: string, to: string) =>
    [parseBound('from', from, berlin, 'from'), parseBound('to', to, berlin, 'to')].map(iso)
  expect(range('yesterday', 'today')).toEqual(['2026-03-23T23:00:00Z', '2026-03-25T22:59:59.999Z'])
  // The one before today where today has that name.
  expect(range('wednesday', 'Monday')).toEqual(['2026-03-17T23:00:00Z', '2026-03-23T22:59:59.999Z'])
  expect(range('1w', '90m')).toEqual(['2026-03-18T22:30:00Z', '2026-03-25T21:00:00Z'])
  expect(() => parseBound('from', 'tomorrow', berlin, 'from')).toThrow(
    '--from must be a date, "yesterday", a weekday, a span (1w) or a time such as 2027-01-31T18:00Z, got "tomorrow"',
  )
})

it('takes the first moment of a day whose midnight the clocks skip', () => {
  const santiago = { now: 0, timezone: 'America/Santiago' }
  expect(iso(parseBound('from', '2026-09-06', santiago, 'from'))).toBe('2026-09-06T04:00:00Z')
})

it('takes spans and counts, and nothing that only looks like one', () => {
  expect(parseDuration('wait-timeout', '1.5h')).toBe(5_400_000)
  expect(() => parseDuration('wait-timeout', '20')).toThrow(
    '--wait-timeout must be a time span such as 90s, 20m, 2h or 3d, got "20"',
  )
  expect(parseCount('limit', '20', 100)).toBe(20)
  for (const text of ['0', '101', '1e2', '-1', '2.5', ''])
    expect(() => parseCount('limit', text, 100)).toThrow(/^--limit must be a whole number from 1 to 100/)
})
