import type { Status } from '../../core/protocol/record'

/** SGR colour numbers; state is never said by colour alone. */
const STATUS_COLOURS: Partial<Record<string, number>> = {
  SUCCEEDED: 32,
  FAILED: 31,
  TIMED_OUT: 31,
  SKIPPED: 33,
  CANCELLED: 33,
  RUNNING: 36,
  MISSED: 31,
} satisfies Partial<Record<Status | 'MISSED', number>>

const BOLD = 1

export function paint(text: string, code: number | undefined, colour: boolean): string {
  return colour && code !== undefined && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text
}

export const colourOf = (status: string): number | undefined => STATUS_COLOURS[status]
export const bold = (text: string, colour: boolean): string => paint(text, BOLD, colour)
