import { setTimeout as wait } from 'node:timers/promises'

/**
 * The task of this repository's own service: a line a second, `max_len` of them (default 6), and in about half of the
 * runs an error at a random step. It knows nothing of Slipstream, as any function may.
 */
export async function handler(event: { max_len?: number }): Promise<void> {
  const steps = event.max_len ?? 6
  const failsAt = Math.random() < 0.5 ? Math.floor(Math.random() * steps) : undefined
  for (let step = 0; step < steps; step++) {
    await wait(1000)
    if (step === failsAt) throw new Error(`fails at ${step}`)
    console.log(`current run ${step}`)
  }
}
