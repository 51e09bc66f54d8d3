import type { ServiceContext } from '../api'
import type { Alarms } from './firing/alarms'
import type { ScheduleStore } from './store/schedule-store'

export type SchedulerContext = ServiceContext & { store: ScheduleStore; alarms: Alarms }

/** A call as the path, the query and the body say it; the path's last part is `name`. */
export type Call = { name: string; query: URLSearchParams; body: Record<string, unknown> }

/** One operation of the API; an ApiError that it throws is its answer. */
export type Operation = (context: SchedulerContext, call: Call) => object
