/**
 * The version of what one part writes and another reads that may be older or newer: messages, and the payload of a
 * target. Attributes are only ever added, and an absent one means what was meant before it was there, so none of them
 * says a version yet. What an older reader would get wrong has to say `v`, and an older reader refuses it.
 */
const FORMAT = 1

/** What version a value says it has, where that is not ours; undefined where it can be read. */
export function foreignFormat(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('v' in value) || value.v === FORMAT) return undefined
  return `format ${Number.isSafeInteger(value.v) ? value.v : '?'}, not ${FORMAT}`
}
