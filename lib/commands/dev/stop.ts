/** npm passes on the SIGINT that the terminal has sent to all of them already; that is not a second Ctrl-C. */
const SAME_KEY = 500
/** Milliseconds. */
const LOOK_FOR_PARENT = 500

export type Stop = {
  asked(): boolean
  /** Resolves at the first SIGINT or SIGTERM, or when npm has gone, so that all can end in order. */
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
    askedAt ??= Date.now()
    resolve()
  }
  const onSignal = () => {
    if (askedAt !== undefined && Date.now() - askedAt > SAME_KEY) process.kill(process.pid, 'SIGKILL')
    stop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // A Ctrl-C ends the shell as well, so that is not a second one.
  const endWatch = watchNpm(stop)
  return {
    asked: () => askedAt !== undefined,
    promise,
    dispose() {
      endWatch()
      process.removeListener('SIGINT', onSignal)
      process.removeListener('SIGTERM', onSignal)
    },
  }
}

/**
 * `npm start` and `npx` run a shell that runs this process, and pass a SIGTERM on to the shell alone, which ends without
 * us. Only below them: who starts this process in the background and leaves may want it to live on.
 */
function watchNpm(gone: () => void): () => void {
  if (process.env['npm_lifecycle_event'] === undefined) return () => {}
  const { ppid } = process
  const timer = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(timer)
    gone()
  }, LOOK_FOR_PARENT)
  timer.unref()
  return () => clearInterval(timer)
}
