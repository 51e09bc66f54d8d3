import { Chip } from '../parts/chip'
import { Icon } from '../parts/icon'
import { setQuery } from '../state/route'
import { LEVELS, type ShownLevel } from './line'

const WORDS: Record<ShownLevel, string> = {
  FATAL: 'Fatal',
  ERROR: 'Error',
  WARN: 'Warn',
  INFO: 'Info',
  DEBUG: 'Debug',
  TRACE: 'Trace',
  NONE: 'No level',
}

/** The levels that a link names, as `warn,error`; undefined: all. */
export function parseLevels(text: string | null): ReadonlySet<ShownLevel> | undefined {
  const levels = LEVELS.filter((level) => text?.toUpperCase().split(',').includes(level))
  return levels.length === 0 ? undefined : new Set(levels)
}

type Props = { counts: Record<ShownLevel, number>; chosen: ReadonlySet<ShownLevel> | undefined }

/** One button a level that the log has. */
export function Levels({ counts, chosen }: Props) {
  const levels = LEVELS.filter((level) => counts[level] > 0 || chosen?.has(level))
  if (levels.length < 2 && !chosen) return null
  const toggle = (level: ShownLevel) => {
    const next = new Set(chosen)
    if (!next.delete(level)) next.add(level)
    setQuery({
      level: LEVELS.filter((one) => next.has(one))
        .join(',')
        .toLowerCase(),
    })
  }
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">Only lines of level</legend>
      {levels.map((level) => (
        <Chip key={level} kind={`lv-${level}`} on={chosen?.has(level) === true} onClick={() => toggle(level)}>
          {(level === 'ERROR' || level === 'FATAL') && <Icon name="FAILED" />}
          {level === 'WARN' && <Icon name="MISSED" />}
          {WORDS[level]} <span class="count">{counts[level].toLocaleString('en')}</span>
        </Chip>
      ))}
    </fieldset>
  )
}
