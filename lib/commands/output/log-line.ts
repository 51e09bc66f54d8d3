import type { NumberedLine } from '../../aws/log-reader'
import { paint } from './colour'
import { forTerminal } from './text'
import { clockTime } from './time'

const LEVEL_COLOURS: Partial<Record<string, number>> = { ERROR: 31, FATAL: 31, WARN: 33, DEBUG: 2, TRACE: 2 }
/** Whole, in capitals and followed by blanks, as the wrapper and the operator's format write it. */
const LEVEL_BEFORE = /^(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\s+/

/** The line without the level before it, which has a column of its own. */
export function messageOf({ level, text }: NumberedLine): string {
  return level === undefined ? text : text.replace(LEVEL_BEFORE, '')
}

/** `  118  10:30:02.123  ERROR  message`; a line of several goes on below. */
export function logLine(
  line: NumberedLine,
  { colour, marked }: { colour: boolean; marked: boolean },
): string {
  const { level = '' } = line
  const number = `${marked ? '>' : ' '}${String(line.line).padStart(4)}`
  const word = paint(level, LEVEL_COLOURS[level], colour) + ' '.repeat(Math.max(0, 5 - level.length))
  return `${number}  ${clockTime(line.time)}  ${word}  ${forTerminal(messageOf(line), colour)}`
}
