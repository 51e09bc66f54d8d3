import { randomInt } from 'node:crypto'

/** Six characters of `[0-9a-z]`: two streams of one attempt that meet in a re-created stack do not share a name. */
export function random(): string {
  return randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0')
}
