import type { Tokens } from './lexer'

export type Predicate<T> = (subject: T) => boolean

/** `a && b || (c)`: brackets before `&&` before `||`. `unit` reads what stands between them. */
export function expression<T>(tokens: Tokens, unit: (tokens: Tokens) => Predicate<T>): Predicate<T> {
  const choices = [conjunction(tokens, unit)]
  while (tokens.skip('||')) choices.push(conjunction(tokens, unit))
  return (subject) => choices.some((choice) => choice(subject))
}

function conjunction<T>(tokens: Tokens, unit: (tokens: Tokens) => Predicate<T>): Predicate<T> {
  const parts = [bracketed(tokens, unit)]
  while (tokens.skip('&&')) parts.push(bracketed(tokens, unit))
  return (subject) => parts.every((part) => part(subject))
}

function bracketed<T>(tokens: Tokens, unit: (tokens: Tokens) => Predicate<T>): Predicate<T> {
  if (!tokens.skip('(')) return unit(tokens)
  const inner = expression(tokens, unit)
  tokens.expect(')')
  return inner
}
