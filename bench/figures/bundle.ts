import { statSync } from 'node:fs'
import type { Bench, Figure } from '../figure'
import { bareBundles, HANDLERS, handlerBundle, ratiosToBare } from '../support/bare-bundle'

const TARGET = 1.1

export async function bundle(bench: Bench): Promise<Figure> {
  bench.progress('bundles')
  const bare = await bareBundles(bench)
  const size = (file: string) => statSync(file).size
  const { value, detail } = ratiosToBare((handler, name) => size(handlerBundle(handler)) / size(bare[name]))
  return {
    value,
    unit: 'x a bundle that only constructs the same SDK clients, made with the same options of esbuild',
    target: `<= ${TARGET}`,
    ok: Object.values(value).every((ratio) => ratio <= TARGET),
    detail: {
      bytes: {
        ...Object.fromEntries(HANDLERS.map((name) => [name, size(handlerBundle(name))])),
        ...Object.fromEntries(Object.entries(bare).map(([name, file]) => [name, size(file)])),
      },
      ...detail,
    },
  }
}
