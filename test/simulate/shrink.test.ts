import { BROKEN } from '../../lib/simulate/broken'
import { runHistory } from '../../lib/simulate/history'
import { search } from '../../lib/simulate/search'
import { shrink } from '../../lib/simulate/shrink'

test('a long history becomes a short one that breaks the same promise', () => {
  const variant = BROKEN['no-help']
  const [found] = search({ from: 1, count: 20_000, untilFirst: true, variant }).found
  if (!found) throw new Error('nothing found')
  const { history, options } = shrink(found.invariant, found.history.seed, { variant })
  expect(history.violation?.invariant).toBe(found.invariant)
  expect(history.events).toBeLessThan(found.history.events)
  expect(runHistory(history.seed, options).violation?.message).toBe(history.violation?.message)
})
