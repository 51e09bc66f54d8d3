import type { Service, ServiceContext } from './api'
import { createCloudFormation } from './cloudformation'
import { createEcr } from './ecr'
import { createEvents } from './events'
import { createLambda } from './lambda'
import { createLogs } from './logs'
import { createScheduler } from './scheduler'

/** The services of our own, by the name in a signature's scope. */
export function createServices(contextOf: (name: string) => ServiceContext, schedulerLateness: number) {
  return {
    logs: createLogs(contextOf('logs')),
    lambda: createLambda(contextOf('lambda')),
    scheduler: createScheduler(contextOf('scheduler'), schedulerLateness),
    cloudformation: createCloudFormation(contextOf('cloudformation')),
    ecr: createEcr(),
    events: createEvents(),
  } satisfies Record<string, Service>
}
export type Services = ReturnType<typeof createServices>
