import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function packageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageRoot(dirname(from))
}

/** The root folder of this package, whether its TypeScript or its build is running. */
export const PACKAGE_ROOT = packageRoot(__dirname)

/** A built file under `dist/`: what is started as a process of its own or put into an artifact is always the build. */
export function built(...path: string[]): string {
  return join(PACKAGE_ROOT, 'dist', ...path)
}
