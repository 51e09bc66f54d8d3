import type { startShop } from './shop'

type Shop = Awaited<ReturnType<typeof startShop>>

/** By label: what a JSON snippet is a sample of, and how it is held against the real thing. */
const SAMPLES: Record<string, (value: unknown, shop: Shop) => Promise<void> | void> = {
  policy: (value) => {
    expect(value).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) })
  },
  run: async (value, { tasks }) => {
    const { out } = await tasks([
      'runs',
      '-f',
      'nightly-report',
      '--status',
      'FAILED',
      '--trigger',
      'manual',
      '--json',
    ])
    expectSameShape(value, (JSON.parse(out.join('\n')) as unknown[])[0])
  },
}

export function checkJson(label: string, value: unknown, shop: Shop): Promise<void> | void {
  const sample = SAMPLES[label]
  if (!sample)
    throw new Error(
      `a json block says what it is, as in "json run"; known: ${Object.keys(SAMPLES).join(', ')}`,
    )
  return sample(value, shop)
}

/** The same keys with values of the same kind, all the way down; of a list the first one counts. */
function expectSameShape(sample: unknown, real: unknown): void {
  expect(shapeOf(sample)).toEqual(shapeOf(real))
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, shapeOf(one)]),
  )
}
