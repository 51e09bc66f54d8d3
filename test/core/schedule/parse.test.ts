import { parseSchedule, ScheduleError } from '../../../lib/core/schedule'

const messageOf = (text: string, timezone = 'UTC') => {
  try {
    parseSchedule(text, timezone)
  } catch (error) {
    if (error instanceof ScheduleError) return error.message
    throw error
  }
  return undefined
}

describe('what AWS was recorded to accept is accepted', () => {
  test.each([
    'cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)',
    'cron(1-31/30 1-1 ? * 1,7 *)',
    'cron(*/15 * * * ? *)',
    'cron(0-59/10 0-23/2 ? * * *)',
    'cron(0 18 ? * MON-FRI *)',
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(24 hours)',
    'rate(1 day)',
    'at(2027-01-31T18:00:00)',
    'cron(0 10 L * ? *)',
    'cron(0 10 15W * ? *)',
    'cron(0 10 ? * 6L *)',
    'cron(0 10 ? JAN,DEC 3#2 2027-2030)',
    'cron(0/5 8-17 ? * MON-FRI 1970-2199)',
    'every 30 seconds',
    'every 1 second',
    'every 2 days',
  ])('%s', (text) => {
    expect(messageOf(text)).toBeUndefined()
  })
})

describe('what AWS was recorded to refuse, or documents as wrong, is refused with the value', () => {
  test.each([
    ['cron(0 1 * * * *)', '"*" and "*"'],
    ['cron(0 1 1 * 2 *)', '"1" and "2"'],
    ['cron(0 1 ? * ? *)', '"?" and "?"'],
    ['cron(71 8 1 * ? *)', 'minutes field of cron(…) takes 0 to 59 with , - * /, not "71"'],
    ['cron(7 20 * * NOT *)', '"*" and "NOT"'],
    ['cron(7 20 ? * NOT *)', 'takes 1 to 7 or SUN to SAT with , - * /, not "NOT"'],
    ['cron()', 'six fields'],
    ['cron(* * * * *)', 'six fields'],
    ['cron(0 24 1 * ? *)', '"24"'],
    ['cron(0 1 0 * ? *)', '"0"'],
    ['cron(0 1 32W * ? *)', '"32W"'],
    ['cron(0 1 ? 13 2 *)', '"13"'],
    ['cron(0 1 ? * 0 *)', '"0"'],
    ['cron(0 1 ? * 8 *)', '"8"'],
    ['cron(0 1 ? * 2#6 *)', '2#6'],
    ['cron(0 1 ? * 2#1,3#1 *)', 'one # expression'],
    ['cron(0 1 1 * ? 1969)', '"1969"'],
    ['cron(0 1 1 * ? 2200)', '"2200"'],
    ['cron(0/0 1 1 * ? *)', '"0/0"'],
    ['cron(30-10 1 1 * ? *)', '"30-10"'],
    ['cron(1,,2 1 1 * ? *)', 'not ""'],
    ['cron(? 1 1 * ? *)', 'not "?"'],
    ['rate(10 seconds)', 'write "every N seconds"'],
    ['rate(10)', 'not "rate(10)"'],
    ['rate(10 minutess)', 'not "rate(10 minutess)"'],
    ['rate(-10 minutes)', 'not "-10"'],
    ['rate(0 minutes)', 'not "0"'],
    ['rate(1.5 hours)', 'not "1.5"'],
    ['rate( 10 minutes )', 'not "rate( 10 minutes )"'],
    [' rate(10 minutes)', 'not " rate(10 minutes)"'],
    ['at(2027-01-31T18:00:00Z)', 'without a zone'],
    ['at(2027-01-31)', 'not "2027-01-31"'],
    ['at(2027-02-30T18:00:00)', 'not "2027-02-30T18:00:00"'],
    ['at(2027-02-28T25:00:00)', 'not "2027-02-28T25:00:00"'],
    ['every 0 seconds', 'not "0"'],
    ['every -5 minutes', 'not "-5"'],
    ['every 1e3 seconds', 'not "1e3"'],
    ['every 5 weeks', 'must be "every N seconds|minutes|hours|days"'],
    ['hourly', 'not "hourly"'],
    ['', 'not ""'],
  ])('%s', (text, part) => {
    expect(messageOf(text)).toContain(part)
  })
})

describe('time zones', () => {
  test.each(['UTC', 'Australia/Sydney', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    '%s is known',
    (zone) => {
      expect(messageOf('cron(0 1 1 * ? *)', zone)).toBeUndefined()
    },
  )

  test.each(['+10:00', 'Mars/Base', 'Sydney', ''])('"%s" is refused, whatever the schedule', (zone) => {
    expect(messageOf('every 5 minutes', zone)).toContain(`not "${zone}"`)
  })

  test('a name in the wrong case, which AWS does not know, is refused with the right one', () => {
    expect(messageOf('cron(0 1 1 * ? *)', 'europe/berlin')).toContain('write Europe/Berlin')
  })
})
