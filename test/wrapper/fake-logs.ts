import type { LogEvent, LogsPort, StreamAt } from '../../lib/wrapper/logs'

export function awsError(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(name), { name, $metadata: httpStatusCode ? { httpStatusCode } : {} })
}
export const throttled = () => awsError('ThrottlingException', 400)
export const lost = () => awsError('TimeoutError')

type Call = keyof LogsPort
/** `before`: fails and does nothing; `after`: is carried out, and its answer lost. */
type Fault = { call: Call; when: 'before' | 'after'; error: Error }

/** CloudWatch Logs as far as the wrapper knows it, in memory, held to the limits of the real one. */
export class FakeLogs implements LogsPort {
  readonly streams = new Map<string, { created: number; events: LogEvent[] }>()
  readonly puts: LogEvent[][] = []
  readonly calls: Call[] = []
  readonly faults: Fault[] = []
  groupExists = true
  private waiting: (() => void)[] = []

  private async call(call: Call, act: () => void): Promise<void> {
    this.calls.push(call)
    await new Promise(setImmediate)
    const index = this.faults.findIndex((fault) => fault.call === call)
    const fault = index < 0 ? undefined : this.faults.splice(index, 1)[0]
    if (fault?.when === 'before') throw fault.error
    act()
    for (const wake of this.waiting.splice(0)) wake()
    if (fault) throw fault.error
  }

  createStream({ stream }: StreamAt): Promise<void> {
    return this.call('createStream', () => {
      if (!this.groupExists) throw awsError('ResourceNotFoundException', 400)
      if (this.streams.has(stream)) throw awsError('ResourceAlreadyExistsException', 400)
      this.streams.set(stream, { created: Date.now(), events: [] })
    })
  }

  putEvents({ stream }: StreamAt, events: LogEvent[]): Promise<void> {
    return this.call('putEvents', () => {
      const found = this.streams.get(stream)
      if (!found) throw awsError('ResourceNotFoundException', 400)
      const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + 26, 0)
      const ordered = events.every(
        (event, i) => i === 0 || event.timestamp >= (events[i - 1]?.timestamp ?? 0),
      )
      const fits = events.length >= 1 && events.length <= 10_000 && bytes <= 1_048_576
      if (!ordered || !fits || events.some((event) => event.message === '')) {
        throw awsError('InvalidParameterException', 400)
      }
      this.puts.push(events)
      found.events.push(...events)
    })
  }

  async createdAt({ stream }: StreamAt): Promise<number | undefined> {
    await this.call('createdAt', () => {})
    return this.streams.get(stream)?.created
  }

  messages(stream = 's'): string[] {
    return (this.streams.get(stream)?.events ?? []).map((event) => event.message)
  }

  /** Resolves when the stream holds a message that fits. */
  async saw(pattern: RegExp, stream = 's'): Promise<void> {
    while (!this.messages(stream).some((message) => pattern.test(message))) {
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }
}
