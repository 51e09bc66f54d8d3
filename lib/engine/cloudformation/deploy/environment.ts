import { setTimeout as wait } from 'node:timers/promises'
import { ACCOUNT } from '../../api'
import type { Resource } from '../model'
import type { Clients } from '../resources/clients'
import type { ResourceContext } from '../resources/type'
import type { Store } from '../store'
import type { Journal } from './journal'

/** What every operation on a stack works with. */
export type Environment = {
  store: Store
  journal: Journal
  clients: Clients
  region: string
  warn(message: string): void
  /** Aborted when the engine closes: no further step is begun. */
  signal: AbortSignal
}

/** What one resource's handler works with. */
export function resourceContext(resource: Resource, environment: Environment): ResourceContext {
  const { clients, region, signal, journal } = environment
  return {
    clients,
    region,
    account: ACCOUNT,
    name: resource.name,
    made(physicalId) {
      resource.physicalId = physicalId
      journal.save()
    },
    async pause(milliseconds) {
      await wait(milliseconds, undefined, { signal })
    },
  }
}
