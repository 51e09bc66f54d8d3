/** npm passes on the SIGINT that the terminal has sent to all of them already; that is not a second Ctrl-C. */
const SAME_KEY = 500

export type Stop = {
  asked(): boolean
  /** Resolves at the first SIGINT or SIGTERM, so that all can end in order. */
  promise: Promise<void>
  /** Stops listening for signals. */
  dispose(): void
}

/** A second Ctrl-C ends the process at once. */
export function listenForStop(): Stop {
  let askedAt: number | undefined
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  const stop = () => {
    if (askedAt !== undefined && Date.now() - askedAt > SAME_KEY) process.kill(process.pid, 'SIGKILL')
    askedAt ??= Date.now()
    resolve()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    asked: () => askedAt !== undefined,
    promise,
    dispose() {
      process.removeListener('SIGINT', stop)
      process.removeListener('SIGTERM', stop)
    },
  }
}
