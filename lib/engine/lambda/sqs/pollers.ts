import type { ServiceContext } from '../../api'
import type { Clients } from '../clients'
import type { Pool } from '../execution/pool'
import type { Mapping, Store } from '../store'
import { Poller } from './poller'
import { SourceQueue } from './source-queue'

/** The pollers of all mappings that are enabled. */
export class Pollers {
  private readonly active = new Map<string, Poller>()
  private readonly stopping = new Set<Promise<void>>()

  constructor(
    private readonly context: ServiceContext,
    private readonly store: Store,
    private readonly pool: Pool,
    private readonly clients: Clients,
  ) {
    for (const mapping of store.mappings) this.follow(mapping)
  }

  /** To be called after a mapping was made or changed. */
  follow(mapping: Mapping): void {
    this.stop(mapping.uuid)
    if (!mapping.enabled) return
    const queue = this.queue(mapping.queueArn)
    this.active.set(mapping.uuid, new Poller(this.context, this.store, this.pool, queue, { ...mapping }))
  }

  stop(uuid: string): void {
    const poller = this.active.get(uuid)
    if (!poller) return
    this.active.delete(uuid)
    const stopped = poller.stop().finally(() => this.stopping.delete(stopped))
    this.stopping.add(stopped)
  }

  queue(arn: string): SourceQueue {
    return new SourceQueue(this.clients.sqs, arn)
  }

  /** Resolves when no batch is under way; to be awaited after what they run in has been closed. */
  async close(): Promise<void> {
    for (const uuid of this.active.keys()) this.stop(uuid)
    await Promise.all(this.stopping)
  }
}
