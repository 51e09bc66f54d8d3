const EVENTS = ['uncaughtException', 'unhandledRejection'] as const
type Crash = { error: unknown; handOver: () => void }
type Listener = (...args: unknown[]) => void

/** process's listeners without the types of its many events. */
const events = process as unknown as {
  rawListeners(name: string): Listener[]
  removeAllListeners(name: string): void
  on(name: string, listener: Listener): void
  off(name: string, listener: Listener): void
  emit(name: string, ...args: unknown[]): boolean
}

/**
 * Holds an error that nobody caught, which is about to end the process, until the attempt's log is written: Lambda's
 * runtime ends the process at once, and what would be left is a report that it exited. `handOver` then gives the error
 * to those that waited for it before us, or ends the process by `exit`. `release` undoes the hold.
 */
export function holdCrash(exit: (code: number) => void): { crashed: Promise<Crash>; release: () => void } {
  const before = EVENTS.map((name) => ({ name, listeners: events.rawListeners(name) }))
  let crash: (value: Crash) => void
  const crashed = new Promise<Crash>((resolve) => {
    crash = resolve
  })
  const ours = EVENTS.map((name) => {
    const listener: Listener = (error, ...rest) =>
      crash({
        error,
        handOver: () => {
          release()
          if (events.emit(name, error, ...rest)) return
          console.error(error)
          exit(1)
        },
      })
    return { name, listener }
  })
  for (const { name, listener } of ours) {
    events.removeAllListeners(name)
    events.on(name, listener)
  }
  function release(): void {
    for (const { name, listener } of ours) events.off(name, listener)
    for (const { name, listeners } of before) for (const listener of listeners) events.on(name, listener)
  }
  return { crashed, release }
}
