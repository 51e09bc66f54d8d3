import { BROKEN } from '../../lib/simulate/broken'
import { FAULTS } from '../../lib/simulate/faults'
import { type History, runHistory } from '../../lib/simulate/history'
import { search } from '../../lib/simulate/search'
import { INVARIANTS } from '../../lib/simulate/violation'

const HISTORIES = 4000

// Thousands of histories take their time where the machine has other work.
jest.setTimeout(120_000)

describe(`${HISTORIES} histories`, () => {
  let histories: History[]
  beforeAll(() => {
    histories = Array.from({ length: HISTORIES }, (_, index) => runHistory(index + 1))
  })

  test('keep every promise', () => {
    const broken = histories.filter(({ violation }) => violation)
    expect(broken.map(({ seed }) => runHistory(seed, { trace: true }).trace)).toEqual([])
  })

  test('meet every fault in the company of others, and most of them alone', () => {
    const alone = new Set<string>()
    const together = new Set<string>()
    for (const { struck } of histories) {
      const kinds = new Set(struck)
      for (const fault of kinds) (kinds.size === 1 ? alone : together).add(fault)
    }
    expect(FAULTS.filter((fault) => !together.has(fault))).toEqual([])
    // Some only follow another, as a dead letter does.
    expect(alone.size).toBeGreaterThan(FAULTS.length * 0.8)
  })

  test('are each the same whenever they are run', () => {
    for (const { seed, events, struck } of histories.slice(0, 50))
      expect(runHistory(seed, { trace: true })).toMatchObject({ events, struck })
  })
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
  for (const variant of Object.values(BROKEN)) {
    const few = search({ from: 1, count: 100, untilFirst: false, variant }).found
    const { found } =
      few.length > 0 ? { found: few } : search({ from: 1, count: 5000, untilFirst: true, variant })
    for (const { invariant } of found) broken.add(invariant)
  }
  expect(Object.keys(INVARIANTS).filter((name) => !broken.has(name))).toEqual(['handlers-do-not-fail'])
})
