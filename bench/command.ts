/** `npm run bench -- …`: the words of the command line, and what is printed. */
import { parseArgs } from 'node:util'
import { nearest } from '../lib/core/nearest'
import type { Bench, Figure, Measure } from './figure'
import { print } from './print'

export const EXIT = { measured: 0, failed: 1, misuse: 64 } as const

export type Output = {
  out(line: string): void
  err(line: string): void
  /** Rewrites one line, or writes another where nobody watches. */
  progress(line: string): void
  colour: boolean
}

export const usage = (names: readonly string[]) => `npm run bench [-- --json] [--only FIGURE,FIGURE]

  --json    for machines: an object of figures, each { value, unit, target, ok, detail }
  --only    these figures of ${names.join(', ')}
Exit codes: 0 all were measured, whether or not they are good enough; 1 one could not be measured; 64 misuse.`

class Misuse extends Error {}

export async function command(
  args: readonly string[],
  figures: Record<string, Measure>,
  output: Output,
): Promise<number> {
  const names = Object.keys(figures)
  try {
    const { help, json, only } = read(args, names)
    if (help) {
      output.out(usage(names))
      return EXIT.measured
    }
    const measured: Record<string, Figure> = {}
    let failed = false
    const bench = newBench(output)
    for (const name of only) {
      try {
        measured[name] = await (figures[name] as Measure)(bench)
      } catch (error) {
        failed = true
        output.err(`${name} could not be measured: ${error instanceof Error ? error.message : error}`)
        continue
      }
      if (!json) for (const line of print(name, measured[name], output.colour)) output.out(line)
    }
    if (json) output.out(JSON.stringify(measured, undefined, 2))
    return failed ? EXIT.failed : EXIT.measured
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    output.err(`${error.message}\n\n${usage(names)}`)
    return EXIT.misuse
  }
}

type Options = { help: boolean; json: boolean; only: readonly string[] }

function read(args: readonly string[], names: readonly string[]): Options {
  let values: { help?: boolean; json?: boolean; only?: string }
  try {
    values = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        only: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new Misuse((error as Error).message)
  }
  const only = values.only?.split(',').map((name) => name.trim()) ?? names
  for (const name of only) {
    if (names.includes(name)) continue
    const near = nearest(name, names)
    throw new Misuse(
      `--only: there is no figure ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    )
  }
  return { help: values.help ?? false, json: values.json ?? false, only }
}

function newBench({ progress }: Output): Bench {
  const began = performance.now()
  const measured = new Map<string, Promise<unknown>>()
  return {
    progress: (what) => progress(`${Math.round((performance.now() - began) / 1000)} s  ${what}`),
    shared<T>(name: string, measure: () => Promise<T>): Promise<T> {
      const found = measured.get(name) ?? measure()
      measured.set(name, found)
      return found as Promise<T>
    },
  }
}
