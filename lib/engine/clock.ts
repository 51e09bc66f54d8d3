/** A time something is due; `cancel` is idempotent. */
export type Timer = { cancel(): void }

/** The engine's only source of time. Epoch milliseconds. */
export interface Clock {
  now(): number
  /** Calls `fn` once, at `time` or as soon after as the clock allows; never before this call has returned. */
  at(time: number, fn: () => void): Timer
  /**
   * What a Node.js process or worker that the engine starts needs so that its `Date` and timers follow this clock:
   * a script to `--require` and environment variables. Absent where the clock is the machine's.
   */
  readonly child?: { preload: string; env: Record<string, string> }
}

/** Longest delay setTimeout takes (2^31 - 1 ms); longer waits are taken in steps. */
const LONGEST = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, fn) {
    let handle: NodeJS.Timeout
    const arm = () => {
      const left = time - Date.now()
      handle = left > LONGEST ? setTimeout(arm, LONGEST) : setTimeout(fn, Math.max(0, left))
    }
    arm()
    return { cancel: () => clearTimeout(handle) }
  },
}
