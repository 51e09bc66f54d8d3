import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, stop } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../lib/paths'
import type { Bench } from '../figure'

export const HANDLERS = ['dispatcher', 'checker'] as const
export const handlerBundle = (name: (typeof HANDLERS)[number]) => built('handlers', `${name}.js`)

/**
 * The bare bundle, made as our handlers are, and as esbuild bundles for Node.js when nothing more is said than that it is
 * to be small. Gives the files' paths.
 */
export const bareBundles = ({ shared }: Bench) =>
  shared('bare bundles', async () => {
    const same = JSON.parse(
      readFileSync(join(PACKAGE_ROOT, 'scripts', 'lambda-bundle.json'), 'utf8'),
    ) as BuildOptions
    const usual: BuildOptions = { bundle: true, minify: true, platform: 'node', logLevel: 'warning' }
    const bundle = async (name: string, options: BuildOptions) => {
      const outfile = built('bench', `${name}.js`)
      await build({ entryPoints: [join(PACKAGE_ROOT, 'bench', 'targets', 'bare.ts')], outfile, ...options })
      return outfile
    }
    const bundles = { same: await bundle('bare-same', same), usual: await bundle('bare-usual', usual) }
    // Its process would wait for further builds.
    await stop()
    return bundles
  })
