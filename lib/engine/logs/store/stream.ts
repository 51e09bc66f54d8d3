import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'
import { compare, eventId, type LogEvent } from './event'

/** The first line of a stream's file. */
export type StreamHeader = { name: string; creationTime: number }
/** Every further line: timestamp, ingestion time, message. */
type EventLine = [number, number, string]

/**
 * One log stream: an append-only file of JSON lines, read once, when it is first needed, and kept in memory in the order
 * of time from then on.
 */
export class LogStream {
  readonly name: string
  readonly creationTime: number
  /** 20 digits that tell the events of this stream from those of others, in `eventId`. */
  readonly number: string
  private loaded: LogEvent[] | undefined
  private size: number

  constructor(
    readonly path: string,
    header: StreamHeader,
  ) {
    this.name = header.name
    this.creationTime = header.creationTime
    const digest = createHash('sha256').update(basename(path)).digest()
    this.number = String(digest.readBigUInt64BE()).padStart(20, '0')
    this.size = statSync(path).size
  }

  /** Of the file, which is near enough to what AWS calls stored bytes. */
  get storedBytes(): number {
    return this.size
  }

  /** In the order of time; those of the same millisecond in the order they came. */
  get events(): readonly LogEvent[] {
    this.loaded ??= this.load()
    return this.loaded
  }

  get lastEvent(): LogEvent | undefined {
    return this.events.at(-1)
  }

  get lastIngestionTime(): number | undefined {
    // What came last need not be the latest.
    return this.events.reduce<number | undefined>(
      (last, { ingestionTime }) => Math.max(last ?? 0, ingestionTime),
      undefined,
    )
  }

  /** Written when this returns, so that a kill of the process loses nothing that was answered for. */
  append(added: { timestamp: number; message: string }[], ingestionTime: number): LogEvent[] {
    const events = this.events as LogEvent[]
    const first = events.length
    const lines = added.map(
      ({ timestamp, message }) =>
        `${JSON.stringify([timestamp, ingestionTime, message] satisfies EventLine)}\n`,
    )
    const text = lines.join('')
    appendFileSync(this.path, text)
    this.size += Buffer.byteLength(text)
    const made = added.map(({ timestamp, message }, index) => ({
      timestamp,
      message,
      ingestionTime,
      sequence: first + index,
    }))
    for (const event of made) insert(events, event)
    return made
  }

  idOf(event: LogEvent): string {
    return eventId(event, this)
  }

  private load(): LogEvent[] {
    const text = readFileSync(this.path, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    // What a kill left half-written was never answered for; the next line must not be glued to it.
    if (whole.length < text.length) {
      this.size = Buffer.byteLength(whole)
      truncateSync(this.path, this.size)
    }
    const lines = whole.split('\n').slice(1, -1)
    return lines
      .map((line, sequence) => {
        const [timestamp, ingestionTime, message] = JSON.parse(line) as EventLine
        return { timestamp, ingestionTime, message, sequence }
      })
      .sort(compare)
  }
}

function insert(events: LogEvent[], event: LogEvent): void {
  const last = events.at(-1)
  if (last === undefined || compare(last, event) < 0) events.push(event)
  else
    events.splice(
      firstIndex(events, (other) => compare(other, event) > 0),
      0,
      event,
    )
}

/** The first index of an ordered list where `holds` begins to hold; its length when it never does. */
export function firstIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
