import * as z from 'zod/mini'
import { formed } from './json-form'

/** Kinds of value that several keys of the configuration have; `rule` is what a wrong one is told. */

const UNITS = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
])
const DURATION_TEXT = { type: 'string', pattern: '^\\d+(\\.\\d+)? *(second|minute|hour|day)s?$' }
export const DURATION = 'must be a number of seconds or a text such as "10 minutes"'

/** Seconds, or a text with a unit. */
function toSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? toMilliseconds(value) : undefined
  if (typeof value !== 'string') return undefined
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) *([a-z]+?)s?$/.exec(value) ?? []
  const factor = UNITS.get(unit)
  return factor === undefined ? undefined : toMilliseconds(Number(amount) * factor)
}

/** Seconds, as exact as a run's record keeps them. */
const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000

export const text = (rule: string) => z.string(rule).check(z.minLength(1, rule))

export const whole = (low: number, high: number, what: string) => {
  const rule = `must be a whole number${what} from ${low} to ${high}`
  return z.int(rule).check(z.minimum(low, rule), z.maximum(high, rule))
}

/** Written as seconds or as a text with a unit; a number of seconds afterwards. */
type Duration<Out = number> = z.ZodMiniType<Out, number | string>

export const duration = (low: number, high: number, rule: string): Duration => {
  const schema = z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      const seconds = toSeconds(value)
      if (seconds !== undefined && seconds >= low && seconds <= high) return seconds
      context.issues.push({ code: 'custom', message: rule, input: value })
      return z.NEVER
    }),
  )
  const form = { anyOf: [{ type: 'number', minimum: low, maximum: high }, DURATION_TEXT] }
  return formed(schema, form) as unknown as Duration
}

export const orNone = (schema: Duration, rule = DURATION): Duration<number | null> => {
  const other = z.pipe(
    z.unknown(),
    z.transform((value, context): number | null => {
      if (value === 'none') return null
      const result = schema.safeParse(value)
      if (result.success) return result.data
      context.issues.push({ code: 'custom', message: `${rule}, or "none"`, input: value })
      return z.NEVER
    }),
  )
  const form = { anyOf: [{ type: 'number', minimum: 0 }, DURATION_TEXT, { const: 'none' }] }
  return formed(other, form) as unknown as Duration<number | null>
}
