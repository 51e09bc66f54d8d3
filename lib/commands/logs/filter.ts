import type { NumberedLine } from '../../aws/log-reader'
import { atLeast, LEVELS, type Level } from '../../core/lines'
import { nearest } from '../../core/nearest'
import { usageError } from '../errors'
import { parsePast } from '../input/time'
import type { Options } from '../options'

/** Which lines are asked for. */
export type Filter = {
  level: Level | undefined
  /** In lower case. */
  text: string | undefined
  /** Epoch ms. */
  since: number | undefined
}

/** @throws {CommandError} */
export function filterOf(options: Options<'logs'>, now: number): Filter {
  const { level, filter, since } = options
  return {
    level: level === undefined ? undefined : parseLevel(level),
    text: filter?.toLowerCase(),
    since: since === undefined ? undefined : parsePast('since', since, { now, timezone: 'UTC' }),
  }
}

function parseLevel(text: string): Level {
  const word = text.toUpperCase()
  const found = LEVELS.find((level) => level === word)
  if (found) return found
  throw usageError(
    `--level must be one of ${LEVELS.join(', ').toLowerCase()}, got "${text}"${suggestion(word)}`,
  )
}

function suggestion(word: string): string {
  const meant = nearest(word, LEVELS)
  return meant ? `; did you mean ${meant.toLowerCase()}?` : ''
}

/** `counts`: whether the line is one that fails a run, for lines that state no level. */
export function isWanted(filter: Filter, { level, time, text }: NumberedLine, counts: boolean): boolean {
  if (filter.since !== undefined && time < filter.since) return false
  if (filter.text !== undefined && !text.toLowerCase().includes(filter.text)) return false
  return filter.level === undefined || atLeast(level ?? (counts ? 'ERROR' : 'INFO'), filter.level)
}
