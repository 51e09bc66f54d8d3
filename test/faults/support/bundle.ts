import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../../lib/paths'

/** A script of this folder, in one file that Node.js runs as it is, where it finds the packages. */
export function bundle(script: string): string {
  const outfile = built('test', `${script}.js`)
  buildSync({
    entryPoints: [join(PACKAGE_ROOT, 'test', 'faults', 'support', `${script}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    logLevel: 'warning',
  })
  return outfile
}
