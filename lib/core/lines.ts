/**
 * What counts as an error line (design, "What counts as an error line"). Pure; the wrapper uses it where the levels are
 * known, the checker on streams that a target wrote by itself.
 */

export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const
export type Level = (typeof LEVELS)[number]

/** `text` as it stands in the stream; `level` where the writer knows it, as of a console method. */
export type Line = { text: string; level?: Level | undefined }

/** The words loggers use: console, log4j, Python, Powertools, winston's npm and syslog levels. */
const WORDS = new Map<string, Level>(
  Object.entries({
    trace: 'TRACE',
    silly: 'TRACE',
    verbose: 'DEBUG',
    debug: 'DEBUG',
    info: 'INFO',
    information: 'INFO',
    http: 'INFO',
    notice: 'INFO',
    warn: 'WARN',
    warning: 'WARN',
    err: 'ERROR',
    error: 'ERROR',
    severe: 'ERROR',
    crit: 'FATAL',
    critical: 'FATAL',
    fatal: 'FATAL',
    alert: 'FATAL',
    emerg: 'FATAL',
    emergency: 'FATAL',
    panic: 'FATAL',
  }),
)

/** pino's and bunyan's numbers. Below 10 they could be syslog's, which run the other way: no level then. */
function ofNumber(level: number): Level | undefined {
  if (!(level >= 10)) return undefined
  return LEVELS[Math.min(Math.floor(level / 10), LEVELS.length) - 1]
}

/**
 * The first word of `LEVEL    time name message`, of our own `LEVEL<tab>message`, of Python's `LEVEL:name:message` and
 * of its Lambda runtime's `[LEVEL]<tab>time…`. Capitals only: these formats write them so, prose does not.
 */
const FIRST_WORD =
  /^(?:\[(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\]|(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)(?=[\s:]|$))/

/** The object that a JSON line is, else undefined. */
export function jsonOf(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text) || !/\}\s*$/.test(text)) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** The level a line says of itself: a JSON line by `level` or `severity`, another by its first word. */
export function statedLevel(text: string): Level | undefined {
  const json = jsonOf(text)
  if (json) {
    const level = json['level'] ?? json['severity']
    if (typeof level === 'number') return ofNumber(level)
    return typeof level === 'string' ? WORDS.get(level.trim().toLowerCase()) : undefined
  }
  const match = FIRST_WORD.exec(text)
  const word = match?.[1] ?? match?.[2]
  return word === undefined ? undefined : WORDS.get(word.toLowerCase())
}

export function atLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least)
}

/** The default term, the only one that asks for a level and not for a text. */
export const ERROR_TERM = 'ERROR'
/** Whole and in capitals, so that `error: 0`, `NO_ERRORS` or `ERROR_COUNT=0` do not fail a run. */
const ERROR_WORD = /(?<!\w)ERROR(?!\w)/

function matches(term: string, line: Line): boolean {
  if (term !== ERROR_TERM) return line.text.includes(term)
  const level = line.level ?? statedLevel(line.text)
  return level === undefined ? ERROR_WORD.test(line.text) : atLeast(level, 'ERROR')
}

/**
 * Returns a function that says which term of `failOn` a line matches, undefined if it does not count. Terms other than
 * `ERROR` match where a line contains them, letter by letter; a line that contains one of `except` never counts.
 * An empty term is contained in every line, so callers must not let one through.
 */
export function createJudge(rules: {
  failOn: readonly string[]
  except: readonly string[]
}): (line: Line) => string | undefined {
  return (line) => {
    const rule = rules.failOn.find((term) => matches(term, line))
    if (rule === undefined || rules.except.some((term) => line.text.includes(term))) return undefined
    return rule
  }
}

const OPERATOR_END =
  /^(?:\[?(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\]?\s+(?:\d\S*\s+){1,2}\S+\s+)?End Request\s*$/

/**
 * Whether a line of a target written for the old operator ends its run: `End Request` alone, or as the whole message of
 * `LEVEL    time name End Request` (the time one or two words that start with a digit). Elsewhere in a line it is data.
 */
export function operatorEnd(line: string): boolean {
  return OPERATOR_END.test(line)
}
