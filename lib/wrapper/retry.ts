import { isInDoubt, isThrottled } from './logs'

const FIRST = 50
const LONGEST = 2000

/** Doubling, and anywhere in its upper half: many targets start at the same second and must not ask in step. */
function backOff(tries: number): number {
  return Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random() / 2)
}

/**
 * Calls until it succeeds, fails for a reason that asking again cannot change, or `until` (epoch ms) is past: then with
 * the last error. `failed` sees each error that is tried again.
 */
export async function retrying<T>(
  call: () => Promise<T>,
  until: number,
  failed: (error: unknown) => void = () => {},
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call()
    } catch (error) {
      const wait = backOff(tries)
      if (!(isThrottled(error) || isInDoubt(error)) || Date.now() + wait > until) throw error
      failed(error)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
}
