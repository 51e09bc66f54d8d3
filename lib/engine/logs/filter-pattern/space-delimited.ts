import { comparison } from './condition'
import { expression, type Predicate } from './expression'
import { Tokens } from './lexer'
import { invalidPattern, type Matcher } from './matcher'

/** A field by name or without one takes any text; `...` stands for any number of fields. */
type Field = Predicate<string> | '...'

/** What stands in brackets or quotes is one field of an event. */
const EVENT_FIELD = /\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)/g

/**
 * `[ip, user, ..., status = 4* && status != 404, bytes > 1000]`: an event matches when it has so many fields and each
 * meets its conditions (User Guide, "… match terms in space-delimited log events").
 */
export function spaceDelimitedPattern(text: string): Matcher {
  if (!text.endsWith(']')) throw invalidPattern("']' is missing")
  const fields = parse(new Tokens(text.slice(1, -1)))
  const rest = fields.indexOf('...')
  if (rest !== fields.lastIndexOf('...')) throw invalidPattern("more than one '...'")
  return (message) => {
    const values = [...message.matchAll(EVENT_FIELD)].map(
      ([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? '',
    )
    if (rest < 0) return values.length === fields.length && fits(fields, values)
    const after = fields.length - rest - 1
    if (values.length < rest + after) return false
    return (
      fits(fields.slice(0, rest), values.slice(0, rest)) &&
      fits(fields.slice(rest + 1), after === 0 ? [] : values.slice(-after))
    )
  }
}

function fits(fields: Field[], values: string[]): boolean {
  return fields.every((field, index) => field === '...' || field(values[index] ?? ''))
}

function parse(tokens: Tokens): Field[] {
  const fields: Field[] = []
  do fields.push(field(tokens))
  while (tokens.skip(','))
  if (tokens.peek()) throw tokens.unexpected()
  return fields
}

function field(tokens: Tokens): Field {
  const first = tokens.peek()
  if (!first || first.text === ',') return () => true
  if (tokens.skip('...')) return '...'
  // All conditions of a field must name it, so that none is meant for another.
  let name: string | undefined
  return expression(tokens, (inner) => {
    const token = inner.peek()
    if (token?.kind !== 'word') throw inner.unexpected()
    name ??= token.text
    if (token.text !== name) throw inner.unexpected()
    inner.take()
    return comparison(inner) ?? (() => true)
  })
}
