import { nearest } from '../../core/nearest'
import { SlipstreamError } from '../errors'

/** A mistake in `serverless.yml`: where, and the rule that is broken with the value that breaks it. */
export type Problem = { path: string; message: string }

const MAX_SHOWN = 200
const MAX_MESSAGE = 1000

/** `rule, got value`; of a missing value `is missing: rule`. */
export function broken(rule: string, value: unknown): string {
  if (value === undefined) return `is missing: it ${rule}`
  return `${rule}, got ${shortened(shown(value), MAX_SHOWN)}`
}

/** The same where the value may be a payload, or one that slipped to another place: what it is, and not what it says. */
export function brokenKind(rule: string, value: unknown): string {
  return `${rule}, got ${kindOf(value)}`
}

/** A map, or a list of more than words and numbers, is only named: a payload with secrets may be in it. */
function shown(value: unknown): string {
  if (isPlain(value)) return JSON.stringify(value)
  if (Array.isArray(value) && value.every(isPlain)) return `[${value.map(shown).join(',')}]`
  return kindOf(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return 'a text'
  if (Array.isArray(value)) return 'a list'
  if (isMap(value)) return 'a map'
  return value instanceof Date ? 'a date' : `a ${typeof value}`
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** What YAML calls a map. A date, a set or bytes, which YAML has too, are none. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** ` (did you mean "x"?)` for the nearest of `known`, or nothing where none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const best = nearest(name, known)
  return best === undefined ? '' : ` (did you mean "${best}"?)`
}

/** On one line, and nothing in it that a terminal would act on. */
function line(text: string, length: number): string {
  return shortened(text, length).replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** All mistakes of a file in one error. */
export function configurationError(problems: Problem[]): SlipstreamError {
  const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`
  const lines = problems.map(
    ({ path, message }) => `  ${line(path, MAX_SHOWN)}: ${line(message, MAX_MESSAGE)}`,
  )
  return new SlipstreamError(
    [`Slipstream found ${count} in the configuration:`, ...lines].join('\n'),
    'SLIPSTREAM_CONFIGURATION',
  )
}
