import type { Token, Tokens } from './lexer'
import { invalidPattern } from './matcher'
import { parseRegex } from './regex'

/** Whether the value of a property or field meets a condition. */
export type Condition = (value: string | number | boolean) => boolean

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/** An operator and what stands right of it; undefined when the next token is no operator. */
export function comparison(tokens: Tokens): Condition | undefined {
  const operator = tokens.peek()
  if (operator?.kind !== 'sign') return undefined
  switch (operator.text) {
    case '=':
      tokens.take()
      return equality(tokens.take())
    case '!=': {
      tokens.take()
      const equal = equality(tokens.take())
      return (value) => !equal(value)
    }
    case '<':
    case '>':
    case '<=':
    case '>=':
      tokens.take()
      return order(operator.text, tokens.take())
    default:
      return undefined
  }
}

function equality(token: Token): Condition {
  switch (token.kind) {
    case 'regex': {
      const regex = parseRegex(token.text)
      return (value) => regex.test(String(value))
    }
    case 'word':
      if (NUMBER.test(token.text)) {
        const number = Number(token.text)
        return (value) => numberOf(value) === number
      }
      return wildcard(token.text)
    case 'string':
      return wildcard(token.text)
    default:
      throw invalidPattern(`unexpected '${token.text}'`)
  }
}

/** A `*` stands for anything at either end of a text; elsewhere it is itself (User Guide). */
function wildcard(pattern: string): Condition {
  const text = pattern.replace(/\\(.)/gs, '$1')
  if (text === '*') return () => true
  const [start, end] = [text.startsWith('*'), text.endsWith('*')]
  const core = text.slice(start ? 1 : 0, end ? -1 : undefined)
  if (start && end) return (value) => String(value).includes(core)
  if (start) return (value) => String(value).endsWith(core)
  if (end) return (value) => String(value).startsWith(core)
  return (value) => String(value) === core
}

function order(operator: '<' | '>' | '<=' | '>=', token: Token): Condition {
  if (token.kind !== 'word' || !NUMBER.test(token.text)) {
    throw invalidPattern(`${operator} takes a number, not '${token.text}'`)
  }
  const limit = Number(token.text)
  switch (operator) {
    case '<':
      return (value) => numberOf(value) < limit
    case '>':
      return (value) => numberOf(value) > limit
    case '<=':
      return (value) => numberOf(value) <= limit
    case '>=':
      return (value) => numberOf(value) >= limit
  }
}

/** NaN, which nothing equals and nothing is less or more than, for what is no number. */
function numberOf(value: string | number | boolean): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : Number.NaN
}
