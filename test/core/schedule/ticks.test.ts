import fc from 'fast-check'
import { interval, nextTick, nextTicks, parseSchedule, ticksOfNextMinute } from '../../../lib/core/schedule'

const iso = (ticks: (number | undefined)[]) =>
  ticks.map((tick) => (tick === undefined ? 'none' : new Date(tick).toISOString().replace('.000Z', 'Z')))

const ticks = (text: string, zone: string, after: string, count: number) =>
  iso(nextTicks(parseSchedule(text, zone), Date.parse(after), count))

describe('a cron in a zone whose clocks change', () => {
  test.each([
    // The hour that is skipped: no tick that day.
    [
      'Europe/Berlin',
      'cron(30 2 * * ? *)',
      '2027-03-27T00:00:00Z',
      '2027-03-27T01:30:00Z',
      '2027-03-29T00:30:00Z',
    ],
    [
      'America/New_York',
      'cron(30 2 * * ? *)',
      '2027-03-13T00:00:00Z',
      '2027-03-13T07:30:00Z',
      '2027-03-15T06:30:00Z',
    ],
    [
      'Australia/Lord_Howe',
      'cron(15 2 * * ? *)',
      '2027-10-02T00:00:00Z',
      '2027-10-03T15:15:00Z',
      '2027-10-04T15:15:00Z',
    ],
    // The hour (on Lord Howe the half hour) that comes twice: the first one only.
    [
      'Europe/Berlin',
      'cron(30 2 * * ? *)',
      '2027-10-30T12:00:00Z',
      '2027-10-31T00:30:00Z',
      '2027-11-01T01:30:00Z',
    ],
    [
      'America/New_York',
      'cron(30 1 * * ? *)',
      '2027-11-06T12:00:00Z',
      '2027-11-07T05:30:00Z',
      '2027-11-08T06:30:00Z',
    ],
    [
      'Australia/Lord_Howe',
      'cron(45 1 * * ? *)',
      '2027-04-03T00:00:00Z',
      '2027-04-03T14:45:00Z',
      '2027-04-04T15:15:00Z',
    ],
  ])('%s %s after %s', (zone, text, after, first, second) => {
    expect(ticks(text, zone, after, 2)).toEqual([first, second])
  })

  test('a time asked for from within the repeated hour is not found a second time', () => {
    expect(ticks('cron(30 2 * * ? *)', 'Europe/Berlin', '2027-10-31T01:15:00Z', 1)).toEqual([
      '2027-11-01T01:30:00Z',
    ])
  })

  test('a one-time schedule in the skipped hour never fires', () => {
    const at = parseSchedule('at(2027-03-28T02:30:00)', 'Europe/Berlin')
    expect(nextTick(at, 0)).toBeUndefined()
  })
})

describe('days', () => {
  test.each([
    [
      'leap day',
      'cron(0 12 29 2 ? *)',
      '2026-01-01T00:00:00Z',
      ['2028-02-29T12:00:00Z', '2032-02-29T12:00:00Z'],
    ],
    [
      'year end',
      'cron(59 23 31 12 ? *)',
      '2026-12-31T23:59:00Z',
      ['2027-12-31T23:59:00Z', '2028-12-31T23:59:00Z'],
    ],
    [
      'last day',
      'cron(0 0 L * ? *)',
      '2028-01-31T00:00:00Z',
      ['2028-02-29T00:00:00Z', '2028-03-31T00:00:00Z'],
    ],
    [
      'third last',
      'cron(0 0 L-2 * ? *)',
      '2027-01-31T00:00:00Z',
      ['2027-02-26T00:00:00Z', '2027-03-29T00:00:00Z'],
    ],
    // 2027-05-15 is a Saturday, 2027-08-15 a Sunday.
    [
      'weekday, Saturday',
      'cron(0 0 15W 5 ? *)',
      '2027-01-01T00:00:00Z',
      ['2027-05-14T00:00:00Z', '2028-05-15T00:00:00Z'],
    ],
    [
      'weekday, Sunday',
      'cron(0 0 15W 8 ? *)',
      '2027-01-01T00:00:00Z',
      ['2027-08-16T00:00:00Z', '2028-08-15T00:00:00Z'],
    ],
    // 2027-05-01 is a Saturday: the weekday next to it in its month is the 3rd.
    ['weekday, 1st', 'cron(0 0 1W 5 ? 2027)', '2027-01-01T00:00:00Z', ['2027-05-03T00:00:00Z']],
    // 2027-01-31 is a Sunday: the weekday next to it in its month is the 29th.
    ['weekday, last', 'cron(0 0 LW 1 ? 2027)', '2027-01-01T00:00:00Z', ['2027-01-29T00:00:00Z']],
    [
      '1 is Sunday',
      'cron(0 0 ? * 1 *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-03T00:00:00Z', '2027-01-10T00:00:00Z'],
    ],
    [
      'L is Saturday',
      'cron(0 0 ? * L *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-02T00:00:00Z', '2027-01-09T00:00:00Z'],
    ],
    [
      'last Friday',
      'cron(0 0 ? * 6L *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-29T00:00:00Z', '2027-02-26T00:00:00Z'],
    ],
    [
      'second Tuesday',
      'cron(0 0 ? * TUE#2 *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-12T00:00:00Z', '2027-02-09T00:00:00Z'],
    ],
    [
      'fifth Friday',
      'cron(0 0 ? * 6#5 *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-29T00:00:00Z', '2027-04-30T00:00:00Z'],
    ],
    [
      'step with a start',
      'cron(10/25 0 1 1 ? *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-01T00:10:00Z', '2027-01-01T00:35:00Z'],
    ],
    [
      'step in a range',
      'cron(1-31/30 0 1 1 ? *)',
      '2027-01-01T00:00:00Z',
      ['2027-01-01T00:01:00Z', '2027-01-01T00:31:00Z'],
    ],
    ['the last year', 'cron(0 0 31 12 ? 2199)', '2027-01-01T00:00:00Z', ['2199-12-31T00:00:00Z']],
    ['no such day', 'cron(0 0 30 2 ? *)', '2027-01-01T00:00:00Z', []],
    ['a year gone by', 'cron(0 0 1 1 ? 2020)', '2027-01-01T00:00:00Z', []],
  ])('%s: %s', (_, text, after, expected) => {
    expect(ticks(text, 'UTC', after, 2)).toEqual(expected)
  })
})

describe('instants', () => {
  test('every 45 seconds and every 90 seconds are the multiples since the epoch', () => {
    expect(ticks('every 45 seconds', 'UTC', '1970-01-01T00:00:00Z', 3)).toEqual([
      '1970-01-01T00:00:45Z',
      '1970-01-01T00:01:30Z',
      '1970-01-01T00:02:15Z',
    ])
    expect(ticks('every 90 seconds', 'UTC', '2027-01-01T00:00:00Z', 2)).toEqual([
      '2027-01-01T00:01:30Z',
      '2027-01-01T00:03:00Z',
    ])
  })

  test('rate starts at its anchor and keeps its phase', () => {
    const rate = parseSchedule('rate(5 minutes)', 'UTC')
    const anchor = Date.parse('2027-01-01T00:02:17Z')
    expect(iso(nextTicks(rate, anchor - 1, 3, anchor))).toEqual([
      '2027-01-01T00:02:17Z',
      '2027-01-01T00:07:17Z',
      '2027-01-01T00:12:17Z',
    ])
    expect(iso([nextTick(rate, anchor, anchor)])).toEqual(['2027-01-01T00:07:17Z'])
    expect(nextTick(rate, anchor - 3_600_000, anchor)).toBe(anchor)
  })

  test('at fires once', () => {
    expect(ticks('at(2027-01-31T18:00:00)', 'Australia/Sydney', '2027-01-01T00:00:00Z', 2)).toEqual([
      '2027-01-31T07:00:00Z',
    ])
  })
})

test.each([
  ['every 90 seconds', 90_000],
  ['rate(2 hours)', 7_200_000],
  ['cron(0/15 * * * ? *)', 900_000],
  ['at(2027-01-31T18:00:00)', undefined],
])('the interval of %s is %s ms', (text, expected) => {
  expect(interval(parseSchedule(text, 'UTC'), Date.parse('2027-01-01T00:00:00Z'))).toBe(expected)
})

const instants = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) })
const periods = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(3600, 5400, 86_400))

test('the ticks of "every N" rise and are multiples of N', () => {
  fc.assert(
    fc.property(instants, periods, (after, seconds) => {
      const found = nextTicks(parseSchedule(`every ${seconds} seconds`, 'UTC'), after, 5)
      let last = after
      for (const tick of found) {
        expect(tick).toBeGreaterThan(last)
        expect(tick - last).toBeLessThanOrEqual(seconds * 1000)
        expect(tick % (seconds * 1000)).toBe(0)
        last = tick
      }
      expect(found).toHaveLength(5)
    }),
  )
})

test('minute after minute, the unfolded messages name each tick once, wherever in its minute each was sent', () => {
  fc.assert(
    fc.property(
      instants,
      periods,
      fc.array(fc.integer({ min: 0, max: 59_999 }), { minLength: 3, maxLength: 12 }),
      (from, seconds, late) => {
        const start = Math.floor(from / 60_000) * 60_000
        const unfolded = late.flatMap((ms, minute) =>
          ticksOfNextMinute(start + minute * 60_000 + ms, seconds),
        )
        const schedule = parseSchedule(`every ${seconds} seconds`, 'UTC')
        const expected: number[] = []
        const end = start + (late.length + 1) * 60_000
        for (
          let tick = nextTick(schedule, start + 59_999);
          tick !== undefined && tick < end;
          tick = nextTick(schedule, tick)
        ) {
          expected.push(tick)
        }
        expect(unfolded).toEqual(expected)
      },
    ),
  )
})

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']
const expressions = ['* * * * ? *', '0/7 1-3 * * ? *', '30 2 ? * SUN *', '15 1,2 L * ? *', '0 0/5 ? * 2#1 *']

test('the ticks of a cron rise, in every zone and from every instant', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), fc.constantFrom(...expressions), (after, zone, text) => {
      const found = nextTicks(parseSchedule(`cron(${text})`, zone), after, 20)
      expect(found).toHaveLength(20)
      expect([after, ...found]).toEqual([...new Set([after, ...found])].sort((a, b) => a - b))
    }),
  )
})
