import { comparison } from './condition'
import { expression, type Predicate } from './expression'
import { Tokens } from './lexer'
import { invalidPattern, type Matcher } from './matcher'

/** AWS's most of `*` selectors in one pattern; one in each path. */
const MOST_WILDCARDS = 3

/** `*` is any element or property. */
type Step = string | number | { any: true }

/**
 * `{ $.a.b = "x" && ($.n >= 5 || $.list[0] IS TRUE) }`. A selector must lead to a text, a number, true or false: a
 * condition on an object, a list or nothing is not met, `!=` included (User Guide, "… match terms in JSON log events").
 */
export function jsonPattern(text: string): Matcher {
  if (!text.endsWith('}')) throw invalidPattern("'}' is missing")
  const tokens = new Tokens(text.slice(1, -1))
  checkWildcards(tokens)
  const matches = expression(tokens, condition)
  if (tokens.peek()) throw tokens.unexpected()
  return (message) => {
    const json = parse(message)
    return json !== undefined && matches(json)
  }
}

function parse(message: string): unknown {
  if (!/^\s*[{[]/.test(message)) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

function condition(tokens: Tokens): Predicate<unknown> {
  if (tokens.peek()?.kind !== 'selector') throw tokens.unexpected()
  const steps = stepsOf(tokens.take().text)
  const compare = comparison(tokens)
  if (compare) {
    return (json) =>
      valuesAt(json, steps).some(
        (value) =>
          (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') &&
          compare(value),
      )
  }
  if (tokens.skip('NOT')) {
    tokens.expect('EXISTS')
    return (json) => valuesAt(json, steps).length === 0
  }
  tokens.expect('IS')
  for (const [word, constant] of [
    ['NULL', null],
    ['TRUE', true],
    ['FALSE', false],
  ] as const) {
    if (tokens.skip(word)) return (json) => valuesAt(json, steps).includes(constant)
  }
  throw tokens.unexpected()
}

function stepsOf(selector: string): Step[] {
  const steps = selector.slice(1).matchAll(/\.?\[(?:'([^']*)'|"([^"]*)"|(\d+)|(\*))\]|\.([\w-]+)|\.(\*)/g)
  return [...steps].map(([, single, double, index, anyElement, name, anyProperty]) => {
    if (anyElement ?? anyProperty) return { any: true }
    return index === undefined ? (single ?? double ?? name ?? '') : Number(index)
  })
}

function checkWildcards(tokens: Tokens): void {
  const counts = tokens.all
    .filter(({ kind }) => kind === 'selector')
    .map(({ text }) => stepsOf(text).filter((step) => typeof step === 'object').length)
  if (counts.some((count) => count > 1)) throw invalidPattern('more than one * in one selector')
  if (counts.reduce((sum, count) => sum + count, 0) > MOST_WILDCARDS) {
    throw invalidPattern(`more than ${MOST_WILDCARDS} * in the selectors of one pattern`)
  }
}

/** None where the path leads nowhere, more than one only where it has a `*`. */
function valuesAt(json: unknown, steps: Step[]): unknown[] {
  let values = [json]
  for (const step of steps) {
    values = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return []
      if (typeof step === 'object') return Object.values(value)
      if (typeof step === 'number') return Array.isArray(value) && step < value.length ? [value[step]] : []
      return !Array.isArray(value) && Object.hasOwn(value, step)
        ? [(value as Record<string, unknown>)[step]]
        : []
    })
  }
  return values
}
