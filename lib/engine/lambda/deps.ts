import type { ServiceContext } from '../api'
import type { AsyncQueue } from './async/queue'
import type { Clients } from './clients'
import type { CodeStore } from './code'
import type { Pool } from './execution/pool'
import type { Pollers } from './sqs/pollers'
import type { Store } from './store'

/** What an operation works with. */
export type Deps = {
  context: ServiceContext
  store: Store
  code: CodeStore
  clients: Clients
  pool: Pool
  queue: AsyncQueue
  pollers: Pollers
}
