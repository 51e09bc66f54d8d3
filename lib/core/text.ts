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
