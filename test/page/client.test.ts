import type { TaskRow } from '../../lib/page/api'
import { scheduleWords, zoneOf } from '../../lib/page/client/format/schedule'
import { parseAnsi, plain } from '../../lib/page/client/log/ansi'
import { parseRange } from '../../lib/page/client/log/range'
import { filterOf, matches } from '../../lib/page/client/state/filter'
import { marksOf } from '../../lib/page/client/views/timeline-scale'

describe('a log line’s escapes', () => {
  it.each([
    ['nothing special', [['nothing special', '']]],
    [
      '\u001b[31mred\u001b[0m plain',
      [
        ['red', 'ansi-red'],
        [' plain', ''],
      ],
    ],
    [
      '\u001b[1;92mbold\u001b[22m not',
      [
        ['bold', 'ansi-green ansi-bold'],
        [' not', 'ansi-green'],
      ],
    ],
    // 256 and true colours are read over, and the rest of the sequence still counts.
    ['\u001b[38;5;196;4mu\u001b[48;2;1;2;3mv', [['uv', 'ansi-underline']]],
    // A title, a cleared screen, a moved cursor, a bell: gone.
    ['a\u001b]0;title\u0007b\u001b[2Jc\u001b[10;5Hd\u0007e', [['abcde', '']]],
    ['tab\tand\nline', [['tab\tand\nline', '']]],
    ['cut \u001b[3', [['cut [3', '']]],
  ])('%j', (text, segments) => {
    expect(parseAnsi(text).map(({ text: part, classes }) => [part, classes])).toEqual(segments)
    expect(plain(text)).toBe(segments.map(([part]) => part).join(''))
  })
})

describe('lines in a link', () => {
  it.each([
    ['118', [118, 118]],
    ['118-125', [118, 125]],
    ['125-118', [118, 125]],
    ['0', undefined],
    ['1-', undefined],
    ['x', undefined],
    [null, undefined],
  ])('%s', (text, range) => expect(parseRange(text)).toEqual(range))
})

describe('a schedule in words', () => {
  it.each([
    ['every 30 seconds', 'every 30 seconds', undefined],
    ['cron(0/15 * * * ? *)', 'every 15 minutes', undefined],
    ['cron(0 * * * ? *)', 'every hour', undefined],
    ['cron(0 0/6 * * ? *)', 'every 6 hours', undefined],
    ['rate(1 day)', 'every day', undefined],
    ['cron(30 2 * * ? *)', 'daily at 02:30', 'Europe/Berlin'],
    ['cron(0 6 ? * MON-FRI *)', 'weekdays at 06:00', 'Europe/Berlin'],
    ['cron(0 6 ? * 2 *)', 'Mondays at 06:00', 'Europe/Berlin'],
    ['cron(0 6 1 * ? *)', 'monthly on day 1 at 06:00', 'Europe/Berlin'],
    ['cron(0 6 L * ? *)', 'cron(0 6 L * ? *)', 'Europe/Berlin'],
    ['at(2027-01-31T18:00:00)', 'once, 2027-01-31 18:00:00', 'Europe/Berlin'],
  ])('%s: %s', (schedule, words, zone) => {
    expect(scheduleWords(schedule)).toBe(words)
    expect(zoneOf({ schedule, timezone: 'Europe/Berlin' })).toBe(zone)
  })
})

describe('the marks of a timeline', () => {
  it('stand at whole hours of the wall clock on the day that it changes', () => {
    const from = Date.parse('2026-10-24T22:00:00Z')
    const marks = marksOf(from, from + 25 * 3_600_000, 5, 'Europe/Berlin')
    expect(marks.map(({ at, text }) => [new Date(at).toISOString().slice(11, 16), text])).toEqual([
      ['22:00', '10-25'],
      ['05:00', '06:00'],
      ['11:00', '12:00'],
      ['17:00', '18:00'],
      ['23:00', '10-26'],
    ])
  })
})

test('an address that was kept from when MISSED was called LATE shows the same tasks', () => {
  const filter = filterOf(new URLSearchParams('status=FAILED,LATE'))
  expect(filter.states).toEqual(['FAILED', 'MISSED'])
  const row = { task: 'load', tags: [], enabled: true, paused: null, last: null }
  expect(matches({ ...row, missed: 1 } as unknown as TaskRow, filter)).toBe(true)
  expect(matches(row as unknown as TaskRow, filter)).toBe(false)
})
