import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Clock, Timer } from '../../clock'

/** Limits of PutLogEvents (API model). */
const MAX_BATCH_BYTES = 1_048_576
const MAX_BATCH_EVENTS = 10_000
const EVENT_OVERHEAD = 26
const MAX_EVENT_BYTES = MAX_BATCH_BYTES - EVENT_OVERHEAD
/** How long a line waits for others, milliseconds. */
const LINGER = 250

type LogEvent = { timestamp: number; message: string }

/** The log stream of one execution environment, written through the Logs API; it is created with its first line. */
export class LogSink {
  private waiting: LogEvent[] = []
  private timer: Timer | undefined
  private sending: Promise<void> = Promise.resolve()
  private created = false

  constructor(
    private readonly logs: CloudWatchLogsClient,
    private readonly clock: Clock,
    readonly group: string,
    readonly stream: string,
    private readonly warn: (message: string) => void,
    /** Whether the function is gone, and with it the role that may create its log group. */
    private readonly orphaned: () => boolean,
  ) {}

  write(message: string): void {
    const timestamp = this.clock.now()
    for (const part of split(message)) this.waiting.push({ timestamp, message: part })
    this.timer ??= this.clock.at(timestamp + LINGER, () => void this.flush())
  }

  /** Resolves when all that was written is stored, or known to be lost. Never rejects. */
  flush(): Promise<void> {
    this.timer?.cancel()
    this.timer = undefined
    const events = this.waiting
    this.waiting = []
    if (events.length > 0) {
      // One request after the other: the stream's order is the order of the lines.
      this.sending = this.sending.then(() => this.send(events)).catch((error) => this.lost(error))
    }
    return this.sending
  }

  private async send(events: LogEvent[]): Promise<void> {
    if (!this.created) await this.create()
    for (const logEvents of batches(events)) {
      await this.logs.send(
        new PutLogEventsCommand({ logGroupName: this.group, logStreamName: this.stream, logEvents }),
      )
    }
  }

  /**
   * A function of a removed stack that is still in its last invocation must not bring back the log group that was removed
   * with it: Lambda creates the group with the function's own role, which the stack takes along.
   */
  private async create(): Promise<void> {
    const stream = new CreateLogStreamCommand({ logGroupName: this.group, logStreamName: this.stream })
    try {
      await this.logs.send(stream)
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException' || this.orphaned()) throw error
      await this.logs
        .send(new CreateLogGroupCommand({ logGroupName: this.group }))
        .catch(ignore('ResourceAlreadyExistsException'))
      await this.logs.send(stream).catch(ignore('ResourceAlreadyExistsException'))
    }
    this.created = true
  }

  private lost(error: Error): void {
    this.created = false
    if (this.orphaned()) return
    this.warn(`log lines for ${this.group} were lost: ${error.message}`)
  }
}

const ignore = (name: string) => (error: Error) => {
  if (error.name !== name) throw error
}

function* batches(events: LogEvent[]): Generator<LogEvent[]> {
  let batch: LogEvent[] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD
    if (batch.length === MAX_BATCH_EVENTS || bytes + size > MAX_BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(event)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

/** A line that is too long for one event becomes several, cut between characters. */
function split(message: string): string[] {
  if (Buffer.byteLength(message) <= MAX_EVENT_BYTES) return [message]
  const bytes = Buffer.from(message)
  const parts: string[] = []
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + MAX_EVENT_BYTES, bytes.length)
    while (to < bytes.length && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--
    parts.push(bytes.toString('utf8', from, to))
    from = to
  }
  return parts
}
