import type { Definition } from '../core/definition'
import { namesOf } from '../core/names'
import type { Prng } from './prng'

export const PREFIX = 'service-test'
export const TASK = 'load'
/** A whole minute, so that ticks of `every N seconds` fall as they do anywhere. Epoch ms. */
export const START = Date.parse('2026-01-05T10:00:00.000Z')

/** What a history is about, before anything goes wrong. Times in ms but for what stands in the definition. */
export type Plan = {
  definition: Definition
  /** When the task is due, epoch ms. */
  ticks: readonly number[]
  /** The schedule fires once a minute and the dispatcher unfolds. */
  everySeconds: number | undefined
  /** The longest an effect usually takes. */
  pace: number
  /** What happens outside handlers happens at multiples of this, so that things meet. */
  grid: number
  /** Every message is written and read as on the wire, which costs time. */
  strict: boolean
}

export function planOf(prng: Prng, maxTicks: number): Plan {
  // Where ticks, ends and wake-ups fall together, handlers meet at the lock.
  const crowded = prng.chance(0.15)
  const unfolded = !crowded && prng.chance(0.1)
  const interval = crowded ? 15 : prng.pick([10, 15, 30, 60, 120, 300])
  const count = Math.min(maxTicks, crowded ? prng.between(3, 4) : prng.between(1, 4))
  const definition = { ...definitionOf(prng, interval), ...(crowded ? crowd(prng) : {}) }
  const pace = crowded ? 500 : prng.pick([5, 50, 500, 2000])
  const grid = crowded ? 15_000 : prng.pick([1, 500, 5000, 15_000])
  const everySeconds = unfolded ? prng.pick([20, 30, 45]) : undefined
  // Unfolded, a message stands for the ticks of a whole minute.
  const messages = unfolded ? Math.min(count, 2) : count
  const ticks = Array.from({ length: messages }, (_, n) => START + n * (unfolded ? 60 : interval) * 1000)
  return {
    definition,
    ticks,
    everySeconds,
    pace,
    grid,
    strict: prng.chance(0.02),
  }
}

const crowd = (prng: Prng): Partial<Definition> => ({
  concurrency: 1,
  overlap: prng.pick(['latest', 'latest', 'queue']),
})

function definitionOf(prng: Prng, interval: number): Definition {
  const target = prng.pick(['wrapped', 'wrapped', 'wrapped', 'operator', 'plain'] as const)
  const functionTimeout = prng.pick([5, 20, 60, 60, 900])
  return {
    function: 'service-test-load',
    qualifier: '$LATEST',
    target,
    ...(target === 'wrapped' && prng.chance(0.1) ? { foreign: true } : {}),
    concurrency: prng.pick([1, 1, 1, 2, 3]),
    overlap: prng.pick(['queue', 'queue', 'latest', 'latest', 'skip']),
    ...(prng.chance(0.5) ? { every: interval } : {}),
    startWithin: prng.pick([null, null, null, interval, 600]),
    timeout: prng.chance(0.7) ? functionTimeout : Math.ceil(functionTimeout / 2),
    functionTimeout,
    retry: {
      attempts: prng.pick([1, 1, 2, 3]),
      delay: prng.pick([0, 1, 30, 1200]),
      backoff: prng.pick([1, 2]),
      maxDelay: 3600,
    },
    failOn: ['ERROR'],
    except: [],
    logGroup: namesOf(PREFIX).logGroup,
    retention: 90,
    alerts: { on: ['failed', 'recovered'], after: 1, startGrace: 300, events: true },
  }
}

/** The task as it is deployed anew. A target that has no wrapper could outlive a slot if its time-out were raised. */
export function redefined(prng: Prng, { definition }: Plan): Definition {
  const other = definitionOf(prng, 60)
  return {
    ...definition,
    concurrency: other.concurrency,
    overlap: other.overlap,
    startWithin: other.startWithin,
    retry: other.retry,
    ...(definition.target === 'wrapped'
      ? { timeout: other.timeout, functionTimeout: other.functionTimeout }
      : {}),
  }
}
