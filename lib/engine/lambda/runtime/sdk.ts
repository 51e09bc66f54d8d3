import Module, { createRequire } from 'node:module'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

type Resolve = (
  request: string,
  parent: { filename?: string | null } | undefined,
  ...rest: unknown[]
) => string
type Internals = { _resolveFilename: Resolve; _nodeModulePaths: (from: string) => string[] }

/** Lambda's Node.js runtimes bring these with them, so a package may use them without having them. */
const PROVIDED = /^@(aws-sdk|smithy)\//

/**
 * Makes `require` and `import` find what Lambda's would: the package's own modules and the AWS SDK, and not what lies
 * in a `node_modules` above the engine's data folder.
 */
export function provideSdk(root: string): void {
  const internals = Module as unknown as Internals
  const own = createRequire(__filename)

  const paths = internals._nodeModulePaths
  internals._nodeModulePaths = (from) => {
    const all = paths(from)
    return from === root || from.startsWith(root + sep)
      ? all.filter((path) => path.startsWith(root + sep))
      : all
  }

  const resolveFilename = internals._resolveFilename
  internals._resolveFilename = function (this: unknown, request, parent, ...rest) {
    try {
      return resolveFilename.call(this, request, parent, ...rest)
    } catch (error) {
      if (!PROVIDED.test(request) || parent?.filename === __filename) throw error
      return own.resolve(request)
    }
  }

  // ESM: in this thread where Node.js can (22.15 and later), else by a hook in a thread of its own.
  const { registerHooks } = Module as unknown as {
    registerHooks?: (hooks: {
      resolve: (
        request: string,
        context: { parentURL?: string },
        next: (r: string, c: object) => unknown,
      ) => unknown
    }) => void
  }
  const parentURL = pathToFileURL(__filename).href
  if (registerHooks) {
    registerHooks({
      resolve(request, context, next) {
        try {
          return next(request, context)
        } catch (error) {
          if (!PROVIDED.test(request)) throw error
          return next(request, { ...context, parentURL })
        }
      },
    })
  } else {
    const hook = `export async function resolve(request, context, next) {
      try { return await next(request, context) } catch (error) {
        if (!${PROVIDED}.test(request)) throw error
        return next(request, { ...context, parentURL: ${JSON.stringify(parentURL)} })
      }
    }`
    Module.register(`data:text/javascript,${encodeURIComponent(hook)}`)
  }
}
