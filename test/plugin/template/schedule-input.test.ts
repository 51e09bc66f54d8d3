import { scheduleInput } from '../../../lib/plugin/template/schedule-input'
import { resolveTask } from '../support/facts'

const inputOf = (task: Record<string, unknown>) => JSON.parse(scheduleInput(resolveTask(task)))

test.each([
  ['every 30 seconds', true],
  ['every 1 minute', true],
  ['rate(1 minute)', true],
  ['every 2 minutes', undefined],
  ['rate(1 hour)', undefined],
  // May come each minute for an hour, and then not for a day.
  ['cron(* 9 * * ? *)', undefined],
])(
  'says of the ticks of %s whether the next follows so soon that they share a deadline',
  (schedule, frequent) => {
    expect(inputOf({ schedule }).frequent).toBe(frequent)
  },
)

test('no tick follows one of a task that is disabled', () => {
  expect(inputOf({ schedule: 'every 30 seconds', enabled: false }).frequent).toBeUndefined()
})
