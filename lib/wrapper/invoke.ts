/** A Lambda handler in any of its styles: async, returning a value, or calling `callback`. */
// biome-ignore lint/suspicious/noExplicitAny: users' handlers name the event they expect
export type AnyHandler = (event: any, context: any, callback: any) => unknown

const POLL = 20

/** How many of each kind of resource keep the event loop alive. */
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

/**
 * Resolves when nothing is alive that was not before. Not by `beforeExit`: Lambda's runtime listens to that too and
 * would end the invocation before our end record is written.
 */
function idleAgain(before: Map<string, number>): Promise<void> {
  return new Promise((resolve) => {
    const poll = setInterval(() => {
      for (const [kind, count] of activeResources()) {
        const own = kind === 'Timeout' ? 1 : 0
        if (count > (before.get(kind) ?? 0) + own) return
      }
      clearInterval(poll)
      resolve()
    }, POLL)
  })
}

type Done = (error?: unknown, value?: unknown) => void

/** What the wrapper touches of Lambda's context. The last three are there up to Node.js 22. */
export type LambdaContext = {
  awsRequestId: string
  getRemainingTimeInMillis(): number
  callbackWaitsForEmptyEventLoop?: boolean
  done?: Done
  fail?: (error?: unknown) => void
  succeed?: (value?: unknown) => void
}

/**
 * Calls a handler as Lambda's runtime does and resolves when the invocation is over by that runtime's rules: a promise
 * when it settles; a callback when it is called and, unless `callbackWaitsForEmptyEventLoop` is false, the event loop
 * is empty; a handler that returned without either, likewise when the loop is empty. (Developer Guide, nodejs-handler;
 * Node.js 24 dropped callbacks, passes none and takes what is returned.)
 */
export function invoke(
  handler: AnyHandler,
  self: unknown,
  event: unknown,
  context: LambdaContext,
  runtimeCallback: unknown,
): Promise<unknown> {
  const before = activeResources()
  return new Promise((resolve, reject) => {
    let answer: (() => void) | undefined
    let watching = false
    const answerWhenIdle = () => {
      if (watching) return
      watching = true
      void idleAgain(before).then(() => answer?.())
    }
    let called = false
    const callback: Done = (error, value) => {
      if (called) return
      called = true
      answer = () => (error === undefined || error === null ? resolve(value) : reject(error))
      if (context.callbackWaitsForEmptyEventLoop === false) answer()
      else answerWhenIdle()
    }
    if (typeof context.done === 'function') {
      // The runtime's own would end the invocation before our end record is written
      const now = (error: unknown, value?: unknown) => {
        context.callbackWaitsForEmptyEventLoop = false
        callback(error, value)
      }
      context.done = callback
      context.succeed = (value) => now(undefined, value)
      context.fail = (error) => now(error ?? new Error('context.fail() was called'))
    }
    const result = handler.call(self, event, context, callback)
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') resolve(result)
    // Node.js 24: no callback, so what was returned is all there will be
    else if (typeof runtimeCallback !== 'function' && handler.length < 3) resolve(result)
    else {
      answer ??= () => resolve(result)
      answerWhenIdle()
    }
  })
}
