import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../../lib/paths'

/** A script of this folder, in one file that Node.js runs as it is, where it finds the packages. */
export async function bundle(script: string): Promise<string> {
  const outfile = built('test', `${script}.js`)
  await build({
    entryPoints: [join(PACKAGE_ROOT, 'test', 'faults', 'support', `${script}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    logLevel: 'warning',
  })
  // Its process would wait for further builds.
  await stop()
  return outfile
}
