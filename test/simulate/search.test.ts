import { BROKEN } from '../../lib/simulate/broken'
import { FAULTS } from '../../lib/simulate/faults'
import { runHistory } from '../../lib/simulate/history'
import { search } from '../../lib/simulate/search'
import { INVARIANTS } from '../../lib/simulate/violation'

const HISTORIES = 4000

test(`the protocol keeps its promises in ${HISTORIES} histories`, () => {
  const { found, histories } = search({ from: 1, count: HISTORIES, untilFirst: false })
  const broken = found.map(({ invariant, history: { seed } }) => ({
    invariant,
    seed,
    trace: runHistory(seed, { trace: true }).trace,
  }))
  expect(broken).toEqual([])
  expect(histories).toBe(HISTORIES)
})

test('every fault strikes, and in the company of others', () => {
  const alone = new Set<string>()
  const together = new Set<string>()
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const struck = new Set(runHistory(seed).struck)
    for (const fault of struck) (struck.size === 1 ? alone : together).add(fault)
  }
  expect(FAULTS.filter((fault) => !together.has(fault))).toEqual([])
  // Some only follow another, or so rarely come alone that it takes more histories.
  expect(alone.size).toBeGreaterThan(FAULTS.length * 0.8)
})

describe.each(Object.entries(BROKEN))('broken on purpose, %s', (_, variant) => {
  test(`is found out: ${variant.about}`, () => {
    const { violations, found } = search({ from: 1, count: 20_000, untilFirst: true, variant })
    expect(violations).toBe(1)
    expect(found.map(({ invariant }) => invariant)).not.toContain('handlers-do-not-fail')
  })
})

test('every promise is broken by some variant, but that no handler fails', () => {
  const broken = new Set<string>()
  for (const variant of Object.values(BROKEN))
    for (const { invariant } of search({ from: 1, count: 300, untilFirst: false, variant }).found)
      broken.add(invariant)
  expect(Object.keys(INVARIANTS).filter((name) => !broken.has(name))).toEqual(['handlers-do-not-fail'])
})
