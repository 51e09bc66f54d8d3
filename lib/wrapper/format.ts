import { atLeast, jsonOf, type Level, type Line, statedLevel } from '../core/lines'
import { RECORD_START } from '../core/log-record'

/**
 * Node.js prints the warnings of the process (deprecations of a library, say) with console.error. They are no errors,
 * and must not fail a run.
 */
const NODE_WARNING = /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: /

/**
 * How a line stands in the stream, and its level. A line that says its level itself stays as it is, so that JSON logs
 * can be read as JSON; any other gets its console method's level before it, `LEVEL<tab>text`. Read back from the stream
 * a line has the level it was judged by.
 */
export function consoleLine(level: Level, text: string): Line {
  if (level === 'ERROR' && NODE_WARNING.test(text)) return { text: `WARN\t${text}`, level: 'WARN' }
  if (!text.startsWith(RECORD_START)) {
    const stated = statedLevel(text)
    if (jsonOf(text)) {
      if (stated) return { text, level: stated }
      if (level === 'INFO') return { text, level }
    } else if (stated && atLeast(stated, level)) {
      // console.log('ERROR: no such table') is an error to who wrote it, console.error('INFO …') too
      return { text, level: stated }
    }
  }
  return { text: `${level}\t${text}`, level }
}

/** A line from stdout or stderr: it has only the level it states. What looks like one of our records is no record. */
export function rawLine(text: string): Line {
  if (text.startsWith(RECORD_START)) return { text: `INFO\t${text}`, level: 'INFO' }
  // CloudWatch Logs takes no empty message (InputLogEvent, length at least 1)
  return { text: text === '' ? ' ' : text, level: statedLevel(text) }
}

/**
 * CloudWatch Logs takes events of 1 MB since April 2025, 256 KB before; we stay below the older limit, which other
 * consumers of a stream (and emulators) still have. Bytes of UTF-8, with room for the 26 that AWS adds to each event.
 */
const MAX_EVENT = 256 * 1024 - 64

/** Room for `[part 1234567 of 1234567] `. */
const MARK = 40

/** A line as events: itself, or where it is too long its parts, each but the first with its number before it. */
export function partsOf(text: string): string[] {
  // A UTF-16 unit is at most 3 bytes, so a short line needs no counting
  if (text.length * 3 <= MAX_EVENT || Buffer.byteLength(text) <= MAX_EVENT) return [text]
  const bytes = Buffer.from(text)
  const parts: string[] = []
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + MAX_EVENT - MARK, bytes.length)
    // never cut within a character: continuation bytes are 10xxxxxx
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
    parts.push(bytes.toString('utf8', start, end))
    start = end
  }
  return parts.map((part, index) => (index === 0 ? part : `[part ${index + 1} of ${parts.length}] ${part}`))
}
