/** Texts that others wrote, made fit to be kept in a record. */

/** What is kept of a text: DynamoDB takes 400 KB an item, and a line may have a megabyte. In characters. */
const MAX_KEPT = 1000

/** Without half of a surrogate pair, which UTF-8, and so DynamoDB, cannot hold. */
export function isProperUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** At most 1,000 characters, none of them cut in half; what is no proper Unicode is replaced. */
export function cut(text: string): string {
  return text
    .slice(0, MAX_KEPT)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The first line of it, with nothing in it that moves the cursor. */
export function oneLine(text: string): string {
  const [first = ''] = stripEscapes(text).trim().split('\n')
  return first.replace(/\p{Cc}+/gu, ' ').trim()
}

// CSI and OSC sequences and other escapes of two characters (ECMA-48).
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
export const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

function stripEscapes(text: string): string {
  return text.replace(ESCAPES, '')
}
