import { scheduleInput } from '../../../lib/plugin/template/schedule-input'
import { resolveTask } from '../support/facts'

const inputOf = (task: Record<string, unknown>) => JSON.parse(scheduleInput(resolveTask(task)))

test.each([
  ['every 30 seconds', 30],
  ['every 1 minute', 60],
  ['rate(1 hour)', 3600],
  // May come each minute for an hour, and then not for a day.
  ['cron(* 9 * * ? *)', undefined],
])('says of the ticks of %s how soon the next one follows', (schedule, every) => {
  expect(inputOf({ schedule }).definition.every).toBe(every)
})

test('no tick follows one of a task that is disabled', () => {
  expect(inputOf({ schedule: 'every 30 seconds', enabled: false }).definition.every).toBeUndefined()
})
