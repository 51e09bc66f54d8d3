/** What the tables say and what was asked for, as the invariants need it. */
import type { Definition } from '../../core/definition'
import { type Lock, lockOf } from '../../core/protocol/lock'
import type { RunRecord } from '../../core/protocol/record'
import type { MemoryStore } from '../../ports/memory/store'
import { TASK } from '../plan'

/** Which of two definitions is the newer is told by clocks of handlers and people, as far as they agree (ms). */
const CLOCKS = 10_000

export class Ledger {
  /** Runs that came to the queue. */
  readonly expected = new Set<string>()
  /** Ticks that had ended when a backfill was asked to run them anew. */
  readonly reruns: { backfill: string; tick: string }[] = []
  /** Runs whose only message was lost with the queue, before they had a record. */
  readonly excused = new Set<string>()
  /** Runs that held a slot at some time. */
  readonly holders = new Set<string>()
  readonly cancelled = new Set<string>()
  /** Of whose end the alerter heard. */
  readonly told = new Set<string>()
  /** The task was paused until then, as far as is known; epoch ms. */
  pausedUntil = Number.NEGATIVE_INFINITY
  pausedEver = false
  /** A backfill was lost with the queue: what it had not yet admitted is asked for again by who asked for it. */
  backfillLost = false
  /** The log group was deleted: what an end record said is not known. */
  logsLost = false
  /** Lambda gave up bringing something to the checker. */
  unheard = false
  /** For a while the handlers were of an older version. */
  upgraded = false
  definitions: Definition[]
  /** What the messages that came said of the task, and as of when (epoch ms): a tick's time, or when somebody asked. */
  private readonly said: { run: string | undefined; asOf: number; concurrency: number }[] = []
  /** The newest of what a run that came to the lock said. */
  private knownAsOf = Number.NEGATIVE_INFINITY

  constructor(
    private readonly store: MemoryStore,
    definition: Definition,
  ) {
    this.definitions = [definition]
  }

  /** The most that any definition of the history allows: a run carries the one that it was made with. */
  get concurrency(): number {
    return Math.max(...this.definitions.map(({ concurrency }) => concurrency))
  }

  say(run: string | undefined, asOf: number, { concurrency }: Definition): void {
    this.said.push({ run, asOf, concurrency })
  }

  /** A run holds a slot or waits, so its task is known as it was then. */
  admitted(run: string): void {
    const times = this.said.filter((one) => one.run === run).map(({ asOf }) => asOf)
    if (times.length > 0) this.knownAsOf = Math.max(this.knownAsOf, Math.min(...times))
  }

  /** How many slots may be held when one is given: as many as the newest definition that is known allows. */
  get allowed(): number {
    const newer = this.said.filter(({ asOf }) => asOf >= this.knownAsOf - CLOCKS)
    return Math.max(...newer.map(({ concurrency }) => concurrency))
  }

  get redefined(): boolean {
    return this.definitions.length > 1
  }

  record(run: string): RunRecord | undefined {
    return this.store.get('runs', { task: TASK, run }) as RunRecord | undefined
  }

  get records(): RunRecord[] {
    return this.store.all('runs') as RunRecord[]
  }

  get lock(): Lock {
    return lockOf(this.store.get('locks', { task: TASK }))
  }
}
