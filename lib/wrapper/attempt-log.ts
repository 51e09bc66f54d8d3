import { StringDecoder } from 'node:string_decoder'
import type { Level, Line } from '../core/lines'
import { type EndRecord, formatRecord, type Verdict } from '../core/log-record'
import { cut } from '../core/text'
import { type Destination, EventWriter } from './event-writer'
import { consoleLine, partsOf, rawLine } from './format'

/** What may wait to be written: a body that prints faster than CloudWatch takes it must not run out of memory. */
const MAX_WAITING = 16 * 1024 * 1024
/** A line without an end is cut here, for the same reason. */
const MAX_PARTIAL = 4 * 1024 * 1024

type Channel = 'stdout' | 'stderr'

/** The log of one attempt: takes lines at any time, judges them, and has them written between a start and an end record. */
export class AttemptLog {
  errors = 0
  verdict: Verdict | undefined
  /** Whether the end record was given to it. */
  ended = false

  private readonly events: EventWriter
  private lines = 0
  private dropped = 0
  /** The last batch with an error record, of which one in a batch is enough. */
  private marked: number | undefined
  private readonly partial = {
    stdout: { decoder: new StringDecoder('utf8'), text: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '' },
  }

  constructor(private readonly options: Destination & { judge: (line: Line) => string | undefined }) {
    this.events = new EventWriter(options)
  }

  /** The first event, in the stream when this resolves. */
  async start(requestId: string): Promise<void> {
    const at = new Date(this.events.now()).toISOString()
    const endsBy = new Date(this.options.until).toISOString()
    this.events.add(formatRecord({ slipstream: 'start', requestId, at, endsBy }))
    await this.events.flush()
  }

  /** One call of a console method: one line, however many line breaks are in it. */
  console(level: Level, text: string): void {
    this.line(consoleLine(level, text))
  }

  /** What was written to stdout or stderr, in whatever pieces. */
  write(channel: Channel, chunk: string | Uint8Array): void {
    if (this.ended) return
    const partial = this.partial[channel]
    partial.text += typeof chunk === 'string' ? chunk : partial.decoder.write(Buffer.from(chunk))
    const lines = partial.text.split('\n')
    partial.text = lines.pop() ?? ''
    for (const line of lines) this.line(rawLine(line.replace(/\r$/, '')))
    if (partial.text.length > MAX_PARTIAL) this.endPartial(channel)
  }

  /** What the body threw: written as a line at ERROR, the line that decided unless one had counted before. */
  threw(text: string): void {
    if (this.ended) return
    this.endPartials()
    const line = `ERROR\t${text}`
    const number = this.append(line)
    this.verdict ??= { rule: 'throw', line: number, text: cut(line) }
  }

  /** Writes what is left and then the end record, after which nothing is taken any more. Throws if it could not. */
  async end(record: Pick<EndRecord, 'requestId' | 'outcome' | 'error'>): Promise<void> {
    this.endPartials()
    this.noteDropped()
    this.ended = true
    this.events.add(
      formatRecord({
        slipstream: 'end',
        ...record,
        at: new Date(this.events.now()).toISOString(),
        errors: this.errors,
        ...(this.verdict && { verdict: this.verdict }),
      }),
    )
    await this.events.end()
  }

  private endPartials(): void {
    this.endPartial('stdout')
    this.endPartial('stderr')
  }

  private endPartial(channel: Channel): void {
    const partial = this.partial[channel]
    const text = partial.text + partial.decoder.end()
    partial.text = ''
    if (text !== '') this.line(rawLine(text))
  }

  private line(line: Line): void {
    if (this.ended) return
    const rule = this.options.judge(line)
    const number = this.append(line.text)
    if (rule === undefined) return
    this.errors++
    const first = this.verdict === undefined
    this.verdict ??= { rule, line: number, text: cut(line.text) }
    if (this.marked !== this.events.batches) {
      this.marked = this.events.batches
      this.events.add(formatRecord({ slipstream: 'error', verdict: this.verdict }))
    }
    if (first) this.events.flushSoon()
  }

  /** Returns the number of the line in the stream; of one that was dropped, where it would have stood. */
  private append(text: string): number {
    if (this.events.waiting > MAX_WAITING) {
      this.dropped++
      return this.lines + 1
    }
    this.noteDropped()
    const number = this.lines + 1
    for (const part of partsOf(text)) {
      this.lines++
      this.events.add(part)
    }
    return number
  }

  private noteDropped(): void {
    if (this.dropped === 0) return
    const count = this.dropped
    this.dropped = 0
    this.lines++
    this.events.add(
      `WARN\t${count} ${count === 1 ? 'line' : 'lines'} dropped: printed faster than they could be written`,
    )
  }
}
