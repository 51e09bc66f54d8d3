import { handler } from '../../handlers/demo'

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn(async () => {}) }))

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  jest.spyOn(console, 'log').mockImplementation((line) => lines.push(line))
})
afterEach(() => jest.restoreAllMocks())

const random = (...values: number[]) => {
  const mock = jest.spyOn(Math, 'random')
  for (const value of values) mock.mockReturnValueOnce(value)
}

test('prints a line a step', async () => {
  random(0.5)
  await handler({ max_len: 3 })
  expect(lines).toEqual(['current run 0', 'current run 1', 'current run 2'])
})

test('takes six steps if it is not told how many', async () => {
  random(0.9)
  await handler({})
  expect(lines).toHaveLength(6)
})

test.each([
  [0, 0],
  [0.5, 2],
  [0.99, 3],
])('fails in the other half of the runs: %d of the way, at step %d', async (where, step) => {
  random(0.49, where)
  await expect(handler({ max_len: 4 })).rejects.toThrow(`fails at ${step}`)
  expect(lines).toHaveLength(step)
})
