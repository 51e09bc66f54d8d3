import { ids } from '../../lib/plugin/naming'

test('names that differ have ids that differ, of letters and digits', () => {
  const names = [
    'load',
    'Load',
    'load-day',
    'load_day',
    'load.day',
    'loadDay',
    'LoadDay',
    'loadday',
    '1',
    '-',
    '_',
  ]
  const given = names.map((name) => ids.schedule(name))
  expect(new Set(given).size).toBe(names.length)
  for (const id of given) expect(id).toMatch(/^[0-9A-Za-z]+$/)
  expect(ids.schedule('loadDay')).toBe('SlipstreamScheduleLoadDay')
})
