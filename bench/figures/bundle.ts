import { statSync } from 'node:fs'
import { type Bench, type Figure, round } from '../figure'
import { bareBundles, HANDLERS, handlerBundle } from '../support/bare-bundle'

const TARGET = 1.1

export async function bundle(bench: Bench): Promise<Figure> {
  bench.progress('bundles')
  const bare = await bareBundles(bench)
  const size = (file: string) => statSync(file).size
  const ratios = (to: string) =>
    Object.fromEntries(HANDLERS.map((name) => [name, round(size(handlerBundle(name)) / size(to))]))
  const value = ratios(bare.same)
  return {
    value,
    unit: 'x a bundle that only constructs the same SDK clients, made in the same way',
    target: `<= ${TARGET}`,
    ok: Object.values(value).every((ratio) => ratio <= TARGET),
    detail: {
      bytes: {
        ...Object.fromEntries(HANDLERS.map((name) => [name, size(handlerBundle(name))])),
        bare: size(bare.same),
        'bare, as esbuild makes it by default': size(bare.usual),
      },
      'x the bare bundle as esbuild makes it by default': ratios(bare.usual),
    },
  }
}
