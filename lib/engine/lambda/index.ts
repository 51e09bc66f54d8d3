import { join } from 'node:path'
import type { Service, ServiceContext } from '../api'
import { Deliveries } from './async/deliveries'
import { AsyncQueue } from './async/queue'
import { Clients } from './clients'
import { CodeStore } from './code'
import type { Deps } from './deps'
import { type Ended, Pool } from './execution/pool'
import { operations } from './operations'
import { Router } from './router'
import { Pollers } from './sqs/pollers'
import { Store } from './store'

export type LambdaService = Service & {
  /** Calls `listener` with what Lambda reports of each invocation, also where the function's log does not have it. */
  onEnded(listener: (ended: Ended) => void): () => void
}

/** AWS Lambda: functions as processes of this machine that speak the Lambda Runtime API. */
export function createLambda(context: ServiceContext): LambdaService {
  const store = new Store(context.dataDir, context.region)
  const clients = new Clients(context)
  const code = new CodeStore(join(context.dataDir, 'code'), clients.s3)
  code.keepOnly(
    store.functions.flatMap((fn) => [fn.latest, ...Object.values(fn.versions)].map((v) => v.code)),
  )
  const pool = new Pool(context, clients, code)
  const queue = new AsyncQueue(context, store, pool, new Deliveries(context, clients))
  const pollers = new Pollers(context, store, pool, clients)
  const deps: Deps = { context, store, code, clients, pool, queue, pollers }
  const router = new Router(operations)
  return {
    name: 'lambda',
    protocol: 'restJson1',
    handle: async (request) => router.route(deps, request),
    onEnded: (listener) => pool.onEnded(listener),
    async close() {
      queue.close()
      // Both at once: batches end when their invocations do, and no further one starts.
      await Promise.all([pollers.close(), pool.close()])
      clients.close()
    },
  }
}
