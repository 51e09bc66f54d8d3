import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** The user's handler: a file of the service (relative, with `/`) and what of its exports is called. */
export type HandlerSource = { file: string; exportName: string; format: 'commonjs' | 'module' | 'bundled' }

/** What Lambda's Node.js runtime looks for, in its order (aws-lambda-nodejs-runtime-interface-client, UserFunction). */
const NODE_EXTENSIONS = ['.js', '.mjs', '.cjs']
const BUNDLER_EXTENSIONS = ['.ts', '.js', '.jsx', '.tsx', '.mts', '.cts', '.mjs', '.cjs']

/**
 * Finds the file of a handler such as `src/jobs/load.handler`. What stands after the first dot of the last segment is
 * the export, as Lambda has it. Undefined when there is no such file.
 */
export function findHandler(
  serviceDir: string,
  handler: string,
  bundled: boolean,
): HandlerSource | undefined {
  const folder = posix.dirname(handler)
  const [, module = '', exportName = ''] = /^([^.]*)\.(.+)$/.exec(posix.basename(handler)) ?? []
  if (module === '') return undefined
  const base = posix.join(folder, module)
  const extensions = bundled ? BUNDLER_EXTENSIONS : [...NODE_EXTENSIONS, ...BUNDLER_EXTENSIONS]
  const file = extensions
    .flatMap((extension) => [`${base}${extension}`, `${base}/index${extension}`])
    .find((candidate) => existsSync(join(serviceDir, candidate)))
  if (file === undefined) return undefined
  return { file, exportName, format: bundled ? 'bundled' : formatOf(serviceDir, file) }
}

/** How Node.js would load the file; what it cannot load is some bundler's. */
function formatOf(serviceDir: string, file: string): HandlerSource['format'] {
  if (file.endsWith('.cjs')) return 'commonjs'
  if (file.endsWith('.mjs')) return 'module'
  if (!file.endsWith('.js')) return 'bundled'
  return packageType(serviceDir, dirname(join(serviceDir, file)))
}

/** `type` of the nearest package.json; above the service there is none on Lambda. */
function packageType(serviceDir: string, folder: string): 'commonjs' | 'module' {
  const file = join(folder, 'package.json')
  if (existsSync(file))
    return JSON.parse(readFileSync(file, 'utf8')).type === 'module' ? 'module' : 'commonjs'
  return folder === serviceDir || folder === dirname(folder)
    ? 'commonjs'
    : packageType(serviceDir, dirname(folder))
}
