import { invalidPattern } from './matcher'

export type Token = { kind: 'selector' | 'string' | 'regex' | 'word' | 'sign'; text: string }

const RULES: [Token['kind'], RegExp][] = [
  ['selector', /\$(?:\.?\[(?:'[^']*'|"[^"]*"|\d+|\*)\]|\.[\w-]+|\.\*)+/y],
  ['string', /"((?:[^"\\]|\\.)*)"/y],
  ['regex', /%([^%]*)%/y],
  ['sign', /&&|\|\||!=|<=|>=|[=<>(),]/y],
  // Whatever else a value is made of must be quoted.
  ['word', /[\p{L}\p{N}_.*+-]+/uy],
]

/** AWS's most for one JSON or space-delimited pattern (User Guide, "Filter pattern syntax"). */
const MOST_REGEXES = 2

/** The tokens of what stands between the brackets of a JSON or a space-delimited pattern. */
export class Tokens {
  private readonly tokens: Token[] = []
  private next = 0

  constructor(text: string) {
    for (let at = 0; at < text.length; ) {
      if (/\s/.test(text[at] as string)) {
        at += 1
        continue
      }
      const [token, end] = lex(text, at)
      this.tokens.push(token)
      at = end
    }
    if (this.tokens.filter(({ kind }) => kind === 'regex').length > MOST_REGEXES) {
      throw invalidPattern(`more than ${MOST_REGEXES} regexes in one pattern`)
    }
  }

  get all(): readonly Token[] {
    return this.tokens
  }

  peek(): Token | undefined {
    return this.tokens[this.next]
  }

  take(): Token {
    const token = this.tokens[this.next++]
    if (!token) throw invalidPattern('it ends too early')
    return token
  }

  /** Takes the next token when it is this sign or word. */
  skip(text: string): boolean {
    const token = this.peek()
    if (token?.text !== text || (token.kind !== 'sign' && token.kind !== 'word')) return false
    this.next += 1
    return true
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected()
  }

  unexpected() {
    const token = this.peek()
    return invalidPattern(token ? `unexpected '${token.text}'` : 'it ends too early')
  }
}

function lex(text: string, at: number): [Token, number] {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at
    const found = rule.exec(text)
    if (found) return [{ kind, text: found[1] ?? found[0] }, rule.lastIndex]
  }
  throw invalidPattern(`Invalid character(s) in '${text.slice(at)}'`)
}
