import { messageOf } from '../../../commands/output/log-line'
import type { LogLine } from '../../api'
import { plain } from './ansi'

export const LEVELS = ['FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'NONE'] as const
export type ShownLevel = (typeof LEVELS)[number]

export type Line = {
  number: number
  time: number
  level: ShownLevel
  /** Without the level before it; with escapes. */
  text: string
  /** Whether it is one that fails a run. */
  counts: boolean
  /** Of its text, how many lines of the screen it takes at least. */
  rows: number
  /** For the search: without escapes, in small letters; made when it is first asked for. */
  folded: string | undefined
}

export function lineOf({ l, t, v, x }: LogLine, judge: (line: { text: string }) => unknown): Line {
  const text = v === undefined ? x : messageOf({ line: l, time: t, level: v, text: x })
  return {
    number: l,
    time: t,
    level: v ?? 'NONE',
    text: text.replace(/\r?\n$/, ''),
    counts: judge({ text: x }) !== undefined,
    rows: 1 + (text.replace(/\r?\n$/, '').match(/\n/g)?.length ?? 0),
    folded: undefined,
  }
}

export function folded(line: Line): string {
  line.folded ??= plain(line.text).toLowerCase()
  return line.folded
}
