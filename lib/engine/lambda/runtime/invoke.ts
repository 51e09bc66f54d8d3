import type { NextInvocation } from './client'
import { contextOf } from './context'
import { RuntimeError } from './errors'
import type { Handler } from './load'

export type Result = { value: unknown } | { thrown: unknown }

/**
 * Calls the handler and resolves when Lambda would answer: at once for a promise or with
 * `callbackWaitsForEmptyEventLoop = false`, else when the event loop is empty. A loop that runs empty before there is a
 * result is an answer too: an error for an async handler, null for the others (aws-lambda-nodejs-runtime-interface-client).
 */
export function invoke(handler: Handler, next: NextInvocation): Promise<Result> {
  return new Promise<Result>((resolve) => {
    const context = contextOf(next)
    let result: Result | undefined
    const settle = (given: Result) => {
      process.off('beforeExit', onEmpty)
      resolve(given)
    }
    const onEmpty = () => {
      settle(
        result ??
          (handler.constructor.name === 'AsyncFunction' ? { thrown: neverSettled() } : { value: null }),
      )
    }
    const answer = (given: Result, now: boolean) => {
      if (result !== undefined) return
      result = given
      if (now) settle(given)
    }
    const byCallback = (thrown: unknown, value?: unknown) =>
      answer(
        thrown === undefined || thrown === null ? { value } : { thrown },
        !context.callbackWaitsForEmptyEventLoop,
      )

    process.on('beforeExit', onEmpty)
    try {
      const full = {
        ...context,
        succeed: (value: unknown) => byCallback(null, value),
        fail: (thrown: unknown) => byCallback(thrown ?? 'handled'),
        done: byCallback,
      }
      // The handler sets this on the object it was given.
      Object.defineProperty(full, 'callbackWaitsForEmptyEventLoop', {
        enumerable: true,
        get: () => context.callbackWaitsForEmptyEventLoop,
        set: (waits: boolean) => {
          context.callbackWaitsForEmptyEventLoop = waits
        },
      })
      const returned = handler(JSON.parse(next.event), full, byCallback)
      if (isPromise(returned)) {
        returned.then(
          (value) => answer({ value }, true),
          (thrown: unknown) => answer({ thrown }, true),
        )
      }
    } catch (thrown) {
      answer({ thrown }, true)
    }
  })
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | undefined)?.then === 'function'
}

function neverSettled(): RuntimeError {
  return new RuntimeError(
    'Runtime.NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  )
}
