import type { Invocation, InvokeResult, LogLine, Outgoing, Stream } from '../../lib/core/protocol/effect'
import type { Logs, Queue, Targets } from '../../lib/ports/ports'

/**
 * The ports in memory, where nothing moves by itself. The store is the library's own, which the simulation uses too; these
 * are only for tests, since the simulation's queue, targets and logs are made of faults.
 */
export class MemoryQueue implements Queue {
  readonly sent: (Outgoing & { due: number })[] = []

  constructor(private readonly now: () => number) {}

  async send(messages: readonly Outgoing[]): Promise<void> {
    this.take(messages)
  }

  take(messages: readonly Outgoing[]): void {
    this.sent.push(...messages.map((one) => ({ ...one, due: this.now() + one.delaySeconds * 1000 })))
  }
}

export class MemoryTargets implements Targets {
  readonly invoked: Invocation[] = []
  result: InvokeResult = { outcome: 'accepted' }

  async invoke(invocation: Invocation): Promise<InvokeResult> {
    return this.take(invocation)
  }

  take(invocation: Invocation): InvokeResult {
    this.invoked.push(invocation)
    return this.result
  }
}

export class MemoryLogs implements Logs {
  private readonly groups = new Map<string, Map<string, string[]>>()

  async createStream(stream: Stream): Promise<'created' | 'exists' | 'no-group'> {
    return this.create(stream)
  }

  async putLine(stream: Stream, line: string): Promise<void> {
    this.put(stream, line)
  }

  async readStream(stream: Stream, from: 'head' | 'tail', limit: number): Promise<LogLine[]> {
    return this.read(stream, from, limit)
  }

  /** Makes the group where there is none; its streams by name, each with its lines. */
  group(name: string): Map<string, string[]> {
    const group = this.groups.get(name) ?? new Map<string, string[]>()
    this.groups.set(name, group)
    return group
  }

  create({ logGroup, logStream }: Stream): 'created' | 'exists' | 'no-group' {
    const group = this.groups.get(logGroup)
    if (group === undefined) return 'no-group'
    if (group.has(logStream)) return 'exists'
    group.set(logStream, [])
    return 'created'
  }

  put({ logGroup, logStream }: Stream, line: string): void {
    const lines = this.groups.get(logGroup)?.get(logStream)
    if (lines === undefined) throw new Error(`there is no stream ${logStream} in ${logGroup}`)
    lines.push(line)
  }

  read({ logGroup, logStream }: Stream, from: 'head' | 'tail', limit: number): LogLine[] {
    const lines = this.groups.get(logGroup)?.get(logStream) ?? []
    const some = from === 'head' ? lines.slice(0, limit) : lines.slice(-limit)
    return some.map((message) => ({ timestamp: 0, message }))
  }
}
