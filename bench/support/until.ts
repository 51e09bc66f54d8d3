import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until there is something, and gives that. Real milliseconds. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  { patience = 60_000, pause = 5 } = {},
): Promise<T> {
  const end = performance.now() + patience
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`${what} did not come within ${patience / 1000} s`)
    await sleep(pause)
  }
}
