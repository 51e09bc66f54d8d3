import type { ApiRequest, ApiResponse, Service, ServiceContext } from '../api'
import { invalid, unknownOperation } from './errors'
import { Alarms } from './firing/alarms'
import { Invoker } from './firing/invoker'
import type { Operation, SchedulerContext } from './operation'
import { createSchedule } from './operations/create-schedule'
import { createScheduleGroup } from './operations/create-schedule-group'
import { deleteSchedule } from './operations/delete-schedule'
import { deleteScheduleGroup } from './operations/delete-schedule-group'
import { getSchedule } from './operations/get-schedule'
import { getScheduleGroup } from './operations/get-schedule-group'
import { listScheduleGroups } from './operations/list-schedule-groups'
import { listSchedules } from './operations/list-schedules'
import { listTagsForResource, tagResource, untagResource } from './operations/tags'
import { updateSchedule } from './operations/update-schedule'
import { ScheduleStore } from './store/schedule-store'

/** By method and path (botocore, scheduler 2021-06-30). */
const OPERATIONS = new Map<string, Operation>(
  Object.entries({
    'POST /schedules/{}': createSchedule,
    'PUT /schedules/{}': updateSchedule,
    'GET /schedules/{}': getSchedule,
    'DELETE /schedules/{}': deleteSchedule,
    'GET /schedules': listSchedules,
    'POST /schedule-groups/{}': createScheduleGroup,
    'GET /schedule-groups/{}': getScheduleGroup,
    'DELETE /schedule-groups/{}': deleteScheduleGroup,
    'GET /schedule-groups': listScheduleGroups,
    'POST /tags/{}': tagResource,
    'DELETE /tags/{}': untagResource,
    'GET /tags/{}': listTagsForResource,
  }),
)

export type SchedulerService = Service & {
  /**
   * Sends the message of one tick (`scheduledAt`, epoch ms) of a schedule now, whatever its state and next tick. Resolves
   * after the first try; what fails is retried as any tick is.
   *
   * @throws {ApiError} ResourceNotFoundException
   */
  fireNow(group: string, name: string, scheduledAt: number): Promise<void>
}

/** EventBridge Scheduler: schedules and their groups on disk, fired by the engine's clock. */
export function createScheduler(service: ServiceContext, lateness = 0): SchedulerService {
  const store = new ScheduleStore(service)
  const invoker = new Invoker(service)
  const alarms = new Alarms(service, store, invoker, lateness)
  const context: SchedulerContext = { ...service, store, alarms }
  return {
    name: 'scheduler',
    protocol: 'restJson1',
    handle: async (request) => handle(context, request),
    async fireNow(group, name, scheduledAt) {
      const schedule = store.schedule(group, name)
      const { Target: target } = schedule.definition
      await invoker.invoke({ scheduleArn: store.arnOf(schedule), target, scheduledAt })
    },
    async close() {
      alarms.close()
      await invoker.close()
    },
  }
}

function handle(context: SchedulerContext, request: ApiRequest): ApiResponse {
  const [, collection = '', ...rest] = request.path.split('/')
  const name = decodeURIComponent(rest.join('/'))
  const operation = OPERATIONS.get(`${request.method} /${collection}${name === '' ? '' : '/{}'}`)
  if (!operation) {
    throw unknownOperation(`The local engine's Scheduler has no operation ${request.method} ${request.path}.`)
  }
  const output = operation(context, { name, query: request.query, body: bodyOf(request) })
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) }
}

function bodyOf({ body }: ApiRequest): Record<string, unknown> {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>
  } catch {
    throw invalid('The body of the request is not JSON.')
  }
}
