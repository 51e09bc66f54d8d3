import { nearest } from '../../core/nearest'
import { STATUSES, type Status, TRIGGERS, type Trigger } from '../../core/protocol/record'
import { usageError } from '../errors'

/** Statuses separated by commas, in any case; CANCELED is taken too. @throws {CommandError} */
export function parseStatuses(text: string | undefined): Status[] | undefined {
  return text?.split(',').map((part) => {
    const word = part
      .trim()
      .toUpperCase()
      .replace(/^CANCELED$/, 'CANCELLED')
      .replaceAll('-', '_')
    const found = STATUSES.find((status) => status === word)
    if (found) return found
    const meant = nearest(word, STATUSES)
    throw usageError(
      `--status knows no ${part.trim()}${meant ? `; did you mean ${meant}?` : `: it is one of ${STATUSES.join(', ')}`}`,
    )
  })
}

/** @throws {CommandError} */
export function parseTrigger(text: string | undefined): Trigger | undefined {
  if (text === undefined) return undefined
  const found = TRIGGERS.find((trigger) => trigger === text.toLowerCase())
  if (found) return found
  throw usageError(`--trigger must be one of ${TRIGGERS.join(', ')}, got "${text}"`)
}
