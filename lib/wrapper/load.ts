import type { World } from './attempt'
import type { AnyHandler } from './invoke'
import { isStreaming, type Source, wrapSource } from './wrap'

function named(message: string): Error {
  return Object.assign(new Error(message), { name: 'Runtime.HandlerNotFound' })
}

/** The export, as Lambda's runtime finds it: `a.b` goes into `a`; a CommonJS module that was imported has `default`. */
function exported(module: unknown, exportName: string): AnyHandler {
  const find = (from: unknown) =>
    exportName
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from)
  const handler = find(module) ?? find((module as { default?: unknown } | undefined)?.default)
  if (typeof handler !== 'function') {
    throw named(`${exportName} is ${handler === undefined ? 'undefined or not exported' : 'not a function'}`)
  }
  return handler as AnyHandler
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | undefined)?.then === 'function'
}

/**
 * The handler `exportName` of the module that `load` requires or imports. Loading begins at once, in Lambda's init
 * phase, as without us. An error in it is kept: it is written to the log of the first run and thrown there. The next
 * invocation loads anew, since an environment whose init failed would be a new one.
 */
export function wrapModule(load: () => unknown, exportName: string, world?: World): AnyHandler {
  let loading: Promise<AnyHandler> | undefined
  let handler: AnyHandler | undefined

  const source: Source = {
    load: () => {
      loading ??= (async () => exported(await load(), exportName))()
      return loading.then(
        (found) => {
          if (isStreaming(found)) {
            throw new Error(
              `${exportName} streams its response, which an ES module cannot do behind a task: set target: plain`,
            )
          }
          return found
        },
        (error) => {
          loading = undefined
          throw error
        },
      )
    },
  }
  // Before the module is loaded: it may keep console.log in a variable
  const lazy = wrapSource(source, world)
  try {
    const module = load()
    if (!isPromise(module)) handler = exported(module, exportName)
    else loading = module.then((loaded) => exported(loaded, exportName))
  } catch (error) {
    loading = Promise.reject(error)
  }
  // Reported when it is asked for, not as an unhandled rejection
  loading?.catch(() => {})
  if (!handler) return lazy
  return isStreaming(handler) ? handler : wrapSource({ handler }, world)
}
