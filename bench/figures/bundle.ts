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
  const value = ratios(bare.usual)
  return {
    value,
    unit: 'x a bundle that only constructs the same SDK clients, as esbuild makes it by default',
    target: `<= ${TARGET}`,
    ok: Object.values(value).every((ratio) => ratio <= TARGET),
    detail: {
      bytes: {
        ...Object.fromEntries(HANDLERS.map((name) => [name, size(handlerBundle(name))])),
        bare: size(bare.usual),
        'bare, from the ES modules as ours': size(bare.same),
      },
      'x the bare bundle from the ES modules': ratios(bare.same),
    },
  }
}
