import type { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { ENVIRONMENT } from '../core/names'
import { MEASURES, type Measure, type Observation, observe } from '../core/observation'
import type { Item, Write } from '../core/protocol/effect'

const NAMESPACE = 'Slipstream'

/**
 * Tells of what was written: at level INFO a line for each status of a run, and where the service asks for it metrics, as
 * lines of the embedded metric format, which cost no call. Each has the dimension `service`, and `task` where asked.
 */
export function telemetry(logger: Logger, prefix: string): (write: Write, item: Item) => void {
  const wanted = process.env[ENVIRONMENT.metrics]
  const metrics = wanted ? new Metrics({ namespace: NAMESPACE, serviceName: prefix, logger }) : undefined
  return (write, item) => {
    const seen = observe(write, item)
    if (seen?.run) logger.info(`run is ${seen.run.status}`, { task: seen.task, ...seen.run })
    if (seen && metrics) publish(metrics, seen, wanted === 'task')
  }
}

function publish(metrics: Metrics, { task, measures }: Observation, byTask: boolean): void {
  const found = Object.entries(measures) as [Measure, number][]
  if (found.length === 0) return
  if (byTask) metrics.addDimensions({ task })
  for (const [name, value] of found) metrics.addMetric(name, MEASURES[name], value)
  // At once: what is collected over an invocation is lost when that reaches its time-out.
  metrics.publishStoredMetrics()
}
