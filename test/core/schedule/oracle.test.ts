import { Cron } from 'croner'
import fc from 'fast-check'
import { nextTicks, parseSchedule } from '../../../lib/core/schedule'

/** AWS's fields and croner's for the same: its day fields have no `?`, and a `*` in one leaves it to the other. */
const days = fc.constantFrom(
  ['*', '?'],
  ['15', '?'],
  ['1-10/3', '?'],
  ['29,30,31', '?'],
  ['L', '?'],
  ['15W', '?'],
  ['1W', '?'],
  ['LW', '?'],
  ['?', 'MON-FRI'],
  ['?', 'SUN,WED'],
  ['?', 'TUE#2'],
  ['?', 'FRI#5'],
)
const minutes = fc.constantFrom('0', '*', '*/15', '1-31/30', '5,10,59')
const hours = fc.constantFrom('0', '*', '8-17', '0-23/2', '23')
const months = fc.constantFrom('*', '2', 'JAN,JUN-AUG', '*/5')
const instants = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2090, 0, 1) })

test('where croner means the same as AWS, it finds the same ticks', () => {
  fc.assert(
    fc.property(
      minutes,
      hours,
      days,
      months,
      instants,
      (minute, hour, [dayOfMonth, dayOfWeek], month, after) => {
        const [day, weekday] = [dayOfMonth, dayOfWeek].map((field) => (field === '?' ? '*' : field))
        const croner = new Cron(`${minute} ${hour} ${day} ${month} ${weekday}`, {
          timezone: 'UTC',
          paused: true,
        })
        const expected = croner.nextRuns(3, new Date(after)).map((date) => date.getTime())
        const ours = parseSchedule(`cron(${minute} ${hour} ${dayOfMonth} ${month} ${dayOfWeek} *)`, 'UTC')
        expect(nextTicks(ours, after, 3)).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})
