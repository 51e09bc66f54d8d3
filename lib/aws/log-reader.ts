import {
  type CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import { type Level, statedLevel } from '../core/lines'
import { parseRecord, type Verdict } from '../core/log-record'
import type { Stream } from '../core/protocol/effect'

/** A line of the user's. `line` counts from 1 as verdicts do: our own records are not counted. */
export type NumberedLine = { line: number; time: number; level?: Level; text: string }

/** Up to where a stream was read: the token of GetLogEvents, good for 24 hours, and the number of the last line. */
export type LogPosition = { token: string | undefined; line: number }

/** Reads a stream from its head, or from where another reader stopped, and at each further call what has come since. */
export class LogReader {
  /** Whether the wrapper's end record was read: nothing comes after it. */
  ended = false
  /** The first line that counted, as the wrapper's records tell it. */
  verdict: Verdict | undefined
  /** Whether there is no such stream (yet, or any more), as the last call found. */
  missing = false
  #lines: number
  #token: string | undefined

  constructor(
    private readonly client: CloudWatchLogsClient,
    readonly stream: Stream,
    from: LogPosition = { token: undefined, line: 0 },
  ) {
    this.#lines = from.line
    this.#token = from.token
  }

  get position(): LogPosition {
    return { token: this.#token, line: this.#lines }
  }

  /** The lines since the last call; none where there is no such stream (yet, or any more). */
  async read(): Promise<NumberedLine[]> {
    const found: NumberedLine[] = []
    for await (const lines of this.pages()) for (const line of lines) found.push(line)
    return found
  }

  /** The same, as they come: at most 1 MB or 10,000 events at a time (API reference, GetLogEvents). */
  async *pages(): AsyncGenerator<NumberedLine[]> {
    for (;;) {
      const page = await this.page()
      this.missing = page === undefined
      if (page === undefined) return
      const found: NumberedLine[] = []
      for (const { timestamp = 0, message = '' } of page.events ?? []) {
        const line = this.take(timestamp, message)
        if (line) found.push(line)
      }
      // A page may be empty before the end; the end is where the same token comes back (API reference, GetLogEvents).
      const end = page.nextForwardToken === undefined || page.nextForwardToken === this.#token
      this.#token = page.nextForwardToken ?? this.#token
      if (found.length > 0) yield found
      if (end) return
    }
  }

  private take(time: number, text: string): NumberedLine | undefined {
    const record = parseRecord(text)
    if (record?.slipstream === 'end') this.ended = true
    if (record && record.slipstream !== 'start') this.verdict ??= record.verdict
    if (record) return undefined
    const level = statedLevel(text)
    return { line: ++this.#lines, time, ...(level === undefined ? {} : { level }), text }
  }

  private async page() {
    const { logGroup, logStream } = this.stream
    try {
      return await this.client.send(
        new GetLogEventsCommand({
          logGroupName: logGroup,
          logStreamName: logStream,
          startFromHead: true,
          ...(this.#token === undefined ? {} : { nextToken: this.#token }),
        }),
      )
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }
}
