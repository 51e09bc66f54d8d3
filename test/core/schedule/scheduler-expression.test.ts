import { asWritten, nextTicks, parseSchedule, schedulerExpression } from '../../../lib/core/schedule'

test.each([
  ['every 60 seconds', 'cron(* * * * ? *)'],
  ['every 1 minute', 'cron(* * * * ? *)'],
  ['every 5 minutes', 'cron(0/5 * * * ? *)'],
  ['every 300 seconds', 'cron(0/5 * * * ? *)'],
  ['every 60 minutes', 'cron(0 * * * ? *)'],
  ['every 1 hour', 'cron(0 * * * ? *)'],
  ['every 6 hours', 'cron(0 0/6 * * ? *)'],
  ['every 1 day', 'cron(0 0 * * ? *)'],
])('%s is %s, with the same ticks', (text, expression) => {
  const schedule = parseSchedule(text, 'Australia/Sydney')
  expect(schedulerExpression(schedule)).toEqual({ expression, timezone: 'UTC' })
  const from = Date.parse('2027-12-31T22:11:12Z')
  expect(nextTicks(parseSchedule(expression, 'UTC'), from, 50)).toEqual(nextTicks(schedule, from, 50))
})

test.each([
  ['every 30 seconds', 30],
  ['every 45 seconds', 45],
  ['every 90 seconds', 90],
  ['every 7 minutes', 420],
  ['every 5 hours', 18_000],
  ['every 2 days', 172_800],
])('%s, which no cron can say, fires every minute to be unfolded', (text, everySeconds) => {
  expect(schedulerExpression(parseSchedule(text, 'UTC'))).toEqual({
    expression: 'cron(* * * * ? *)',
    timezone: 'UTC',
    everySeconds,
  })
})

test.each(['cron(0 18 ? * MON-FRI *)', 'at(2027-01-31T18:00:00)'])(
  '%s goes as it is, with its zone',
  (text) => {
    expect(schedulerExpression(parseSchedule(text, 'Asia/Kolkata'))).toEqual({
      expression: text,
      timezone: 'Asia/Kolkata',
    })
  },
)

test('a rate has no zone', () => {
  expect(schedulerExpression(parseSchedule('rate(2 hours)', 'Asia/Kolkata'))).toEqual({
    expression: 'rate(2 hours)',
    timezone: 'UTC',
  })
})

test.each([
  ['cron(* * * * ? *)', 'every 1 minute'],
  ['cron(0/5 * * * ? *)', 'every 5 minutes'],
  ['cron(0 * * * ? *)', 'every 1 hour'],
  ['cron(0 0/6 * * ? *)', 'every 6 hours'],
  ['cron(0 0 * * ? *)', 'every 1 day'],
  ['every 420 seconds', 'every 7 minutes'],
  ['every 90 seconds', 'every 90 seconds'],
  ['every 1 seconds', 'every 1 second'],
])('%s is shown as %s, which has the same ticks', (deployed, shown) => {
  expect(asWritten(deployed, 'UTC')).toBe(shown)
  const from = Date.parse('2027-12-31T22:11:12Z')
  const ticks = (text: string) => nextTicks(parseSchedule(text, 'UTC'), from, 20)
  expect(ticks(shown)).toEqual(ticks(deployed))
})

test.each([
  ['cron(30 2 * * ? *)', 'UTC'],
  ['cron(0/7 * * * ? *)', 'UTC'],
  ['cron(* 5 * * ? *)', 'UTC'],
  ['cron(5 * * * ? *)', 'UTC'],
  ['cron(0/5 * ? * MON *)', 'UTC'],
  ['cron(0 0 * * ? *)', 'Europe/Berlin'],
  ['rate(5 minutes)', 'UTC'],
  ['at(2027-01-31T18:00:00)', 'UTC'],
])('%s in %s is shown as it is', (schedule, timezone) => {
  expect(asWritten(schedule, timezone)).toBe(schedule)
})
