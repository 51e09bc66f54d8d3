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
  let best: { name: string; distance: number } | undefined
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (
      distance <= Math.max(1, Math.floor(candidate.length / 3)) &&
      distance < (best?.distance ?? Infinity)
    ) {
      best = { name: candidate, distance }
    }
  }
  return best === undefined ? '' : ` (did you mean "${best.name}"?)`
}

/** Levenshtein's distance, with two neighbours swapped counted as one edit. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? at(i - 2, j - 2) + 1 : Infinity,
      )
    }
  }
  return at(a.length, b.length)
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
