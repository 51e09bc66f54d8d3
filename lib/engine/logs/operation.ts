import type { ServiceContext } from '../api'
import type { Delivery } from './delivery/delivery'
import type { LogStore } from './store/log-store'

export type LogsContext = ServiceContext & { store: LogStore; delivery: Delivery }

/** One operation of the API; an ApiError that it throws is its answer. */
// biome-ignore lint/suspicious/noExplicitAny: each operation names its own input, which the table of them cannot
export type Operation = (context: LogsContext, input: any) => object | undefined | Promise<object | undefined>
