import { invalidPattern } from './matcher'

/** Letters, digits, `: _ # = @ / ; , -`, the operators `^ $ ? [ ] { } | * + .`, and `\` with a class or a symbol. */
const ALLOWED = /^(?:[\w:#=@/;,\-^$?[\]{}|*+.]|\\[dsw]|\\x[0-9A-Fa-f]{2}|\\[^\w\s])*$/

/**
 * What stands between the `%` of a regular expression (User Guide, "Supported regular expressions (regex) syntax"): a
 * part of what JavaScript takes, with the same meaning. No groups, no blanks (`\s`), no multi-byte characters.
 *
 * @throws {ApiError} InvalidParameterException
 */
export function parseRegex(source: string): RegExp {
  if (source === '' || !ALLOWED.test(source))
    throw invalidPattern(`Invalid character(s) in regex '%${source}%'`)
  try {
    return new RegExp(source)
  } catch {
    throw invalidPattern(`Malformed regex '%${source}%'`)
  }
}
