/** CloudWatch Logs: streams, and a subscription filter that is late, repeats itself, splits batches, or is off. */
import type { LogLine, Stream } from '../core/protocol/effect'
import type { LogBatch } from '../core/protocol/log-batch'
import type { Stage } from './stage'

type Stored = { createdAt: number; lines: LogLine[] }

/** What the template's filter passes for wrapped and for operator targets together (lib/plugin/template/filter-pattern). */
const PASSED = ['{"slipstream":"error"', '{"slipstream":"end"', 'End Request', 'ERROR']

/** Of a permission mistake CloudWatch Logs makes ten minutes without a delivery (User Guide, Subscriptions). */
const OFF = 600_000

export class Logs {
  private readonly streams = new Map<string, Stored>()
  private offUntil = 0
  groupIsGone = false

  constructor(
    private readonly stage: Stage,
    private readonly deliver: (batch: LogBatch) => void,
  ) {}

  create({ logStream }: Stream): 'created' | 'exists' | 'no-group' {
    if (this.groupIsGone) return 'no-group'
    if (this.streams.has(logStream)) return 'exists'
    this.streams.set(logStream, { createdAt: this.stage.now, lines: [] })
    return 'created'
  }

  /** Somebody deletes the log group, with all that is in it. */
  deleteGroup(): void {
    this.stage.trace?.add('person', 'deletes the log group')
    this.groupIsGone = true
    this.streams.clear()
  }

  /** As targets written for the old operator do: what was there is gone. */
  recreate({ logStream }: Stream): void {
    if (this.groupIsGone) return
    this.streams.set(logStream, { createdAt: this.stage.now, lines: [] })
  }

  createdAt({ logStream }: Stream): number | undefined {
    return this.streams.get(logStream)?.createdAt
  }

  read({ logStream }: Stream, from: 'head' | 'tail', limit: number): LogLine[] {
    const lag = this.stage.faults.strikes('log-lag') ? this.stage.prng.below(3000) : 0
    const lines = this.streams
      .get(logStream)
      ?.lines.filter(({ timestamp }) => timestamp <= this.stage.now - lag)
    if (lines === undefined) return []
    return from === 'head' ? lines.slice(0, limit) : lines.slice(-limit)
  }

  /** Whether the filter will surely pass on what of the lines it is for. Where the group is gone nothing is written. */
  put(stream: Stream, ...lines: string[]): boolean {
    const { stage } = this
    if (this.groupIsGone) return false
    const stored = this.streams.get(stream.logStream)
    if (stored === undefined) throw new Error(`no stream ${stream.logStream}`)
    stored.lines.push(...lines.map((message) => ({ timestamp: stage.now, message })))
    const passed = lines.filter((line) => PASSED.some((term) => line.includes(term)))
    if (passed.length === 0) return true
    if (stage.faults.strikes('filter-off')) {
      stage.trace?.add('filter', 'is off for ten minutes')
      this.offUntil = stage.now + OFF
    }
    if (stage.now < this.offUntil) return false
    const batches = stage.faults.strikes('split-batch') ? passed.map((line) => [line]) : [passed]
    for (const batch of batches) this.subscribe(stream, batch)
    return true
  }

  private subscribe({ logGroup, logStream }: Stream, lines: string[]): void {
    const { stage } = this
    const batch = { logGroup, logStream, lines }
    const deliver = () => this.deliver(batch)
    stage.later(stage.faults.strikes('late-batch') ? 300_000 : 2000, deliver)
    if (stage.faults.strikes('duplicate-batch')) stage.later(120_000, deliver)
  }
}
