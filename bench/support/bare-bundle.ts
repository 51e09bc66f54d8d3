import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build, type Plugin, stop } from 'esbuild'
import { built, PACKAGE_ROOT } from '../../lib/paths'
import { type Bench, round } from '../figure'

export const HANDLERS = ['dispatcher', 'checker'] as const
export type Handler = (typeof HANDLERS)[number]
export const handlerBundle = (name: Handler) => built('handlers', `${name}.js`)

/** How the bare bundle is made, by what it is called in the figures' detail. */
export type Bare = 'bare' | 'as esbuild makes it by default' | 'with our lean SDK'

/**
 * The bare bundle, made as our handlers are but for what our build leaves out of the SDK; as esbuild bundles for Node.js
 * when nothing more is said than that it is to be small; and with that left out. Gives the files' paths.
 */
export const bareBundles = ({ shared }: Bench): Promise<Record<Bare, string>> =>
  shared('bare bundles', async () => {
    const scripts = join(PACKAGE_ROOT, 'scripts')
    const same = JSON.parse(readFileSync(join(scripts, 'lambda-bundle.json'), 'utf8')) as BuildOptions
    const usual: BuildOptions = { bundle: true, minify: true, platform: 'node', logLevel: 'warning' }
    const { leanSdk } = (await import(pathToFileURL(join(scripts, 'lean-sdk.mjs')).href)) as {
      leanSdk: Plugin
    }
    const bundle = async (name: string, options: BuildOptions) => {
      const outfile = built('bench', `${name}.js`)
      await build({ entryPoints: [join(PACKAGE_ROOT, 'bench', 'targets', 'bare.ts')], outfile, ...options })
      return outfile
    }
    const bundles: Record<Bare, string> = {
      bare: await bundle('bare', same),
      'as esbuild makes it by default': await bundle('bare-usual', usual),
      'with our lean SDK': await bundle('bare-lean', { ...same, plugins: [leanSdk] }),
    }
    // Its process would wait for further builds.
    await stop()
    return bundles
  })

/** Each handler's ratio to each bare bundle, of which `of` gives the ratio. */
export function ratiosToBare(of: (handler: Handler, bare: Bare) => number) {
  const to = (bare: Bare) => Object.fromEntries(HANDLERS.map((name) => [name, round(of(name, bare))]))
  return {
    value: to('bare'),
    detail: {
      'x the bare bundle as esbuild makes it by default': to('as esbuild makes it by default'),
      'x the bare bundle with our lean SDK': to('with our lean SDK'),
    },
  }
}
