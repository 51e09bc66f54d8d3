import { counted } from '../../lib/core/counted'

test('a noun stands in the plural unless it is one', () => {
  expect([0, 1, 2].map((count) => counted(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs'])
})
