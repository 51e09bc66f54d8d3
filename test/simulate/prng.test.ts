import { Prng } from '../../lib/simulate/prng'

const numbers = (seed: number, count = 1000) => {
  const prng = new Prng(seed)
  return Array.from({ length: count }, () => prng.next())
}

test('a seed gives the same numbers each time, and another seed others', () => {
  expect(numbers(1)).toEqual(numbers(1))
  expect(numbers(1)).not.toEqual(numbers(2))
  expect(numbers(2 ** 32 + 1)).not.toEqual(numbers(1))
})

test('numbers below a limit fall evenly', () => {
  const prng = new Prng(7)
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 100_000; i++) {
    const number = prng.below(10)
    counts[number] = (counts[number] ?? 0) + 1
  }
  expect(Math.min(...counts)).toBeGreaterThan(9500)
  expect(Math.max(...counts)).toBeLessThan(10_500)
})

test('a chance comes as often as it says', () => {
  const prng = new Prng(9)
  let hits = 0
  for (let i = 0; i < 100_000; i++) if (prng.chance(0.2)) hits++
  expect(hits / 100_000).toBeCloseTo(0.2, 2)
})
