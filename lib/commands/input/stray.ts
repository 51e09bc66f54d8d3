import { parseArgs } from 'node:util'
import type { OptionSpecs } from '../options'

/** Those of the framework that take a value (osls `commands-options-schema`). */
const FRAMEWORK = {
  region: 'r',
  stage: 's',
  config: 'c',
  'aws-profile': undefined,
  param: undefined,
  debug: undefined,
}

/**
 * Words on the command line that belong to nothing. The framework drops a bare word behind a flag in silence:
 * `sls tasks run --wait ingest` would run something else than was meant.
 */
export function strayWords(argv: readonly string[], options: OptionSpecs): string[] {
  const framework = Object.entries(FRAMEWORK).map(([name, short]) => [
    name,
    { type: 'string' as const, ...(short === undefined ? {} : { short }) },
  ])
  const own = Object.entries(options).map(([name, { type, shortcut }]) => [
    name,
    { type, ...(shortcut === undefined ? {} : { short: shortcut }) },
  ])
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries([...framework, ...own]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  // `tasks NAME` are the command's own.
  return words.slice(2)
}
