import { StringDecoder } from 'node:string_decoder'
import type { Level, Line } from '../core/lines'
import { type EndRecord, formatRecord, type Verdict } from '../core/log-record'
import { cut } from '../core/text'
import { consoleLine, partsOf, rawLine } from './format'
import type { LogEvent, LogsPort, StreamAt } from './logs'
import { retrying } from './retry'

const FLUSH_EVERY = 1000
/** Beyond this the next flush is not waited for. */
const FLUSH_BYTES = 512 * 1024
/** PutLogEvents: at most 10,000 events and 1,048,576 bytes, each event counting 26 bytes more than its UTF-8. */
const BATCH_EVENTS = 10_000
const BATCH_BYTES = 1_048_576
const EVENT_OVERHEAD = 26
/** What may wait to be written: a body that prints faster than CloudWatch takes it must not run out of memory. */
const MAX_PENDING = 16 * 1024 * 1024
/** A line without an end is cut here, for the same reason. */
const MAX_PARTIAL = 4 * 1024 * 1024

type Channel = 'stdout' | 'stderr'
type Pending = LogEvent & { bytes: number }

/** The log of one attempt: takes lines at any time, judges them, and writes them in order. */
export class AttemptLog {
  errors = 0
  verdict: Verdict | undefined

  private pending: Pending[] = []
  private pendingBytes = 0
  private lines = 0
  private dropped = 0
  private markPending = false
  private closed = false
  private lastTime = 0
  private timer: NodeJS.Timeout | undefined
  /** Somebody asked for a flush since the last batch was taken. */
  private wanted = false
  private flushing: Promise<void> | undefined
  private failure: unknown
  private readonly partial = {
    stdout: { decoder: new StringDecoder('utf8'), text: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '' },
  }

  constructor(
    private readonly options: {
      logs: LogsPort
      at: StreamAt
      judge: (line: Line) => string | undefined
      /** Epoch ms: when Lambda ends the invocation; until then writing is tried again. */
      until: number
    },
  ) {}

  /** Whether the end record was given to it. */
  get ended(): boolean {
    return this.closed
  }

  /** The first event, in the stream when this resolves. */
  async start(requestId: string): Promise<void> {
    const at = new Date(this.now()).toISOString()
    const endsBy = new Date(this.options.until).toISOString()
    this.push(formatRecord({ slipstream: 'start', requestId, at, endsBy }))
    await this.flush()
  }

  /** One call of a console method: one line, however many line breaks are in it. */
  console(level: Level, text: string): void {
    this.line(consoleLine(level, text))
  }

  /** What was written to stdout or stderr, in whatever pieces. */
  write(channel: Channel, chunk: string | Uint8Array): void {
    if (this.closed) return
    const partial = this.partial[channel]
    partial.text += typeof chunk === 'string' ? chunk : partial.decoder.write(Buffer.from(chunk))
    const lines = partial.text.split('\n')
    partial.text = lines.pop() ?? ''
    for (const line of lines) this.line(rawLine(line.replace(/\r$/, '')))
    if (partial.text.length > MAX_PARTIAL) this.endPartial(channel)
  }

  /** What the body threw: written as a line at ERROR, the line that decided unless one had counted before. */
  threw(text: string): void {
    if (this.closed) return
    this.endPartials()
    const line = `ERROR\t${text}`
    const number = this.append(line)
    this.verdict ??= { rule: 'throw', line: number, text: cut(line) }
  }

  /** Writes what is left and then the end record, after which nothing is taken any more. Throws if it could not. */
  async end(record: Pick<EndRecord, 'requestId' | 'outcome' | 'error'>): Promise<void> {
    this.endPartials()
    this.noteDropped()
    this.closed = true
    this.push(
      formatRecord({
        slipstream: 'end',
        ...record,
        at: new Date(this.now()).toISOString(),
        errors: this.errors,
        ...(this.verdict && { verdict: this.verdict }),
      }),
    )
    await this.flush()
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
    if (this.closed) return
    const rule = this.options.judge(line)
    const number = this.append(line.text)
    if (rule === undefined) return
    this.errors++
    const first = this.verdict === undefined
    this.verdict ??= { rule, line: number, text: cut(line.text) }
    if (!this.markPending) {
      this.markPending = true
      this.push(formatRecord({ slipstream: 'error', verdict: this.verdict }))
    }
    if (first) this.flushSoon()
  }

  /** Returns the number of the line in the stream; of one that was dropped, where it would have stood. */
  private append(text: string): number {
    if (this.pendingBytes > MAX_PENDING) {
      this.dropped++
      return this.lines + 1
    }
    this.noteDropped()
    const number = this.lines + 1
    for (const part of partsOf(text)) {
      this.lines++
      this.push(part)
    }
    return number
  }

  private noteDropped(): void {
    if (this.dropped === 0) return
    const count = this.dropped
    this.dropped = 0
    this.lines++
    this.push(
      `WARN\t${count} ${count === 1 ? 'line' : 'lines'} dropped: printed faster than they could be written`,
    )
  }

  private push(message: string): void {
    const bytes = Buffer.byteLength(message) + EVENT_OVERHEAD
    this.pending.push({ timestamp: this.now(), message, bytes })
    this.pendingBytes += bytes
    if (this.pendingBytes > FLUSH_BYTES) this.flushSoon()
    // Not to keep the event loop alive: whether it is empty can decide when a callback-style handler is done
    else this.timer ??= setTimeout(() => this.flushSoon(), FLUSH_EVERY).unref()
  }

  /** Never backwards: CloudWatch Logs refuses a batch that is not in order. */
  private now(): number {
    this.lastTime = Math.max(this.lastTime, Date.now())
    return this.lastTime
  }

  /** A failure is kept and thrown by the end, where there is somebody to tell. */
  private flushSoon(): void {
    this.flush().catch(() => {})
  }

  /** Resolves when what is pending now is in the stream, at the end of the attempt all that is pending. */
  private flush(): Promise<void> {
    this.wanted = true
    this.flushing ??= this.drain()
    return this.flushing
  }

  private async drain(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    // The caller goes on first, so that lines printed in one go are written in one batch
    await null
    try {
      while (this.pending.length > 0 && (this.wanted || this.closed || this.pendingBytes > FLUSH_BYTES)) {
        if (this.failure) throw this.failure
        this.wanted = false
        const batch = this.take()
        await retrying(() => this.options.logs.putEvents(this.options.at, batch), this.options.until)
      }
    } catch (error) {
      this.failure = error
      throw error
    } finally {
      // In the same turn as the look at `pending`, else a line could join a flush that is already over
      this.flushing = undefined
    }
  }

  private take(): LogEvent[] {
    let bytes = 0
    let count = 0
    for (const event of this.pending) {
      if (count === BATCH_EVENTS || bytes + event.bytes > BATCH_BYTES) break
      bytes += event.bytes
      count++
    }
    this.pendingBytes -= bytes
    this.markPending = false
    return this.pending.splice(0, count).map(({ timestamp, message }) => ({ timestamp, message }))
  }
}
