import { nearest } from '../../core/nearest'
import { SlipstreamError } from '../errors'

/** A mistake in `serverless.yml`: where, and the rule that is broken with the value that breaks it. */
export type Problem = { path: string; message: string }

const MAX_SHOWN = 200

/** `rule, got value`; of a missing value `is missing: rule`. */
export function broken(rule: string, value: unknown): string {
  if (value === undefined) return `is missing: it ${rule}`
  const shown = JSON.stringify(value) ?? String(value)
  return `${rule}, got ${shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown}`
}

/** ` (did you mean "x"?)` for the nearest of `known`, or nothing where none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const best = nearest(name, known)
  return best === undefined ? '' : ` (did you mean "${best}"?)`
}

/** All mistakes of a file in one error. */
export function configurationError(problems: Problem[]): SlipstreamError {
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`
  const lines = problems.map(({ path, message }) => `  ${path}: ${message}`)
  return new SlipstreamError(
    [`Slipstream found ${count} in the configuration:`, ...lines].join('\n'),
    'SLIPSTREAM_CONFIGURATION',
  )
}
