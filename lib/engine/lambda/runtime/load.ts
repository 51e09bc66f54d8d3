import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RuntimeError } from './errors'

export type Handler = (event: unknown, context: unknown, callback: unknown) => unknown

/**
 * The function that a handler string like `dist/index.handler` names. Errors as Lambda's Node.js runtime has them:
 * `Runtime.MalformedHandlerName`, `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`.
 */
export async function loadHandler(root: string, handler: string): Promise<Handler> {
  const slash = handler.lastIndexOf('/') + 1
  const match = /^([^.]*)\.(.*)$/.exec(handler.slice(slash))
  if (!match || handler.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler')
  const [, file = '', path = ''] = match
  const module = await loadModule(root, handler.slice(0, slash) + file)
  const found = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], module)
  if (typeof found !== 'function') {
    throw new RuntimeError(
      'Runtime.HandlerNotFound',
      found === undefined || found === null
        ? `${handler} is undefined or not exported`
        : `${handler} is not a function`,
    )
  }
  return found as Handler
}

async function loadModule(root: string, module: string): Promise<unknown> {
  const base = resolve(root, module)
  try {
    const file = ['.js', '.mjs', '.cjs'].map((end) => base + end).find(existsSync)
    if (file === undefined) return createRequire(join(root, 'index.js'))(`./${module}`)
    const isModule =
      file.endsWith('.mjs') || (file.endsWith('.js') && packageType(dirname(file)) === 'module')
    return isModule ? await import(pathToFileURL(file).href) : createRequire(file)(file)
  } catch (error) {
    throw loadError(error)
  }
}

function packageType(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type
  const parent = dirname(folder)
  return parent === folder || folder.endsWith(sep) ? undefined : packageType(parent)
}

function loadError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (error instanceof SyntaxError) return named('Runtime.UserCodeSyntaxError', error)
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return named('Runtime.ImportModuleError', error as Error)
  }
  return error
}

function named(name: string, error: Error): RuntimeError {
  const renamed = new RuntimeError(name, String(error))
  if (error.stack !== undefined) renamed.stack = error.stack
  return renamed
}
