import { invalidPattern, type Matcher } from './matcher'
import { parseRegex } from './regex'

/** A sign, then a quoted phrase, a regular expression or a run of anything else. */
const TERM = /\s*([?-]?)\s*(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"%]+))(?=\s|$)/y
/** Any other term must be quoted. */
const BARE = /^[\p{L}\p{N}_]+$/u

/**
 * `A B`: both. `-A`: not. `?A ?B`: either; but beside a term of the other two kinds AWS ignores those with `?` (User
 * Guide, "Using filter patterns to match terms in unstructured log events"). A term may stand anywhere, also in a word.
 */
export function termsPattern(text: string): Matcher {
  const all: Matcher[] = []
  const any: Matcher[] = []
  TERM.lastIndex = 0
  while (TERM.lastIndex < text.length) {
    const start = TERM.lastIndex
    const term = TERM.exec(text)
    if (!term) throw invalidPattern(`Invalid character(s) in term '${text.slice(start).trim()}'`)
    const [, sign, phrase, regex, bare] = term
    const found = one(phrase, regex, bare)
    if (sign === '?') any.push(found)
    else if (sign === '-') all.push((message) => !found(message))
    else all.push(found)
  }
  if (all.length === 0 && any.length > 0) return (message) => any.some((term) => term(message))
  return (message) => all.every((term) => term(message))
}

function one(phrase: string | undefined, regex: string | undefined, bare: string | undefined): Matcher {
  if (regex !== undefined) {
    const expression = parseRegex(regex)
    return (message) => expression.test(message)
  }
  if (bare !== undefined && !BARE.test(bare)) throw invalidPattern(`Invalid character(s) in term '${bare}'`)
  const text = bare ?? unquote(phrase ?? '')
  return (message) => message.includes(text)
}

const unquote = (quoted: string) => quoted.replace(/\\(.)/gs, '$1')
