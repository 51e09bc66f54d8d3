import type { LogEvent, LogsPort, StreamAt } from './logs'
import { retrying } from './retry'

const FLUSH_EVERY = 1000
/** Beyond this the next flush is not waited for. */
const FLUSH_BYTES = 512 * 1024
/** PutLogEvents: at most 10,000 events and 1,048,576 bytes, each event counting 26 bytes more than its UTF-8. */
const BATCH_EVENTS = 10_000
const BATCH_BYTES = 1_048_576
const EVENT_OVERHEAD = 26

/** As PutLogEvents counts it. */
function bytesOf(message: string): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD
}

export type Destination = {
  logs: LogsPort
  at: StreamAt
  /** Epoch ms: when Lambda ends the invocation; until then writing is tried again. */
  until: number
}

/** Writes events to one stream, in order and in batches: within a second, and at once where asked or where much waits. */
export class EventWriter {
  /** How many batches have been taken; what is added now goes with a later one. */
  batches = 0
  /** Bytes that wait to be written. */
  waiting = 0

  private pending: LogEvent[] = []
  private lastTime = 0
  private timer: NodeJS.Timeout | undefined
  /** Somebody asked for a flush since the last batch was taken. */
  private wanted = false
  private ending = false
  private flushing: Promise<void> | undefined
  private failure: unknown

  constructor(private readonly to: Destination) {}

  /** Epoch ms. Never backwards: CloudWatch Logs refuses a batch that is not in order. */
  now(): number {
    this.lastTime = Math.max(this.lastTime, Date.now())
    return this.lastTime
  }

  add(message: string): void {
    this.pending.push({ timestamp: this.now(), message })
    this.waiting += bytesOf(message)
    if (this.waiting > FLUSH_BYTES) this.flushSoon()
    // Not to keep the event loop alive: whether it is empty can decide when a callback-style handler is done
    else this.timer ??= setTimeout(() => this.flushSoon(), FLUSH_EVERY).unref()
  }

  /** A failure is kept and thrown by the end, where there is somebody to tell. */
  flushSoon(): void {
    this.flush().catch(() => {})
  }

  /** Resolves when what is pending now is in the stream. Throws if it, or what came before it, could not be written. */
  flush(): Promise<void> {
    this.wanted = true
    this.flushing ??= this.drain()
    return this.flushing
  }

  /** As flush, for the last time: resolves when nothing is pending. */
  end(): Promise<void> {
    this.ending = true
    return this.flush()
  }

  private async drain(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    // The caller goes on first, so that lines printed in one go are written in one batch
    await null
    try {
      while (this.pending.length > 0 && (this.wanted || this.ending || this.waiting > FLUSH_BYTES)) {
        if (this.failure) throw this.failure
        const batch = this.take()
        // What did not fit was asked for as well, and nothing else may come to take it along
        this.wanted = this.pending.length > 0
        await retrying(() => this.to.logs.putEvents(this.to.at, batch), this.to.until)
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
    for (const { message } of this.pending) {
      const more = bytesOf(message)
      if (count === BATCH_EVENTS || bytes + more > BATCH_BYTES) break
      bytes += more
      count++
    }
    this.waiting -= bytes
    this.batches++
    return this.pending.splice(0, count)
  }
}
