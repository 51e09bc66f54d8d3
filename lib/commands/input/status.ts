import { nearest } from '../../core/nearest'
import { STATUSES, type Status, TRIGGERS, type Trigger } from '../../core/protocol/record'
import { usageError } from '../errors'

const TASK_STATES = [...STATUSES, 'MISSED'] as const
/** The status of a task's last run, or that a tick was missed since. */
export type TaskState = (typeof TASK_STATES)[number]

/** Statuses separated by commas, in any case; CANCELED is taken too. @throws {CommandError} */
export const parseStatuses = (text: string | undefined): Status[] | undefined => parse(text, STATUSES)

/** The same with MISSED. @throws {CommandError} */
export const parseTaskStates = (text: string | undefined): TaskState[] | undefined => parse(text, TASK_STATES)

function parse<State extends string>(text: string | undefined, known: readonly State[]): State[] | undefined {
  return text?.split(',').map((part) => {
    const word = part
      .trim()
      .toUpperCase()
      .replace(/^CANCELED$/, 'CANCELLED')
      .replaceAll('-', '_')
    const found = known.find((status) => status === word)
    if (found) return found
    const meant = nearest(word, known)
    throw usageError(
      `--status knows no ${part.trim()}${meant ? `; did you mean ${meant}?` : `: it is one of ${known.join(', ')}`}`,
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
