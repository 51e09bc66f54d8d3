import type { ServiceFacts, Task } from '../../../lib/plugin/config/resolve'
import { resolveConfig } from '../../../lib/plugin/config/resolve'
import type { OwnFunction } from '../../../lib/plugin/config/target'
import type { FunctionConfig } from '../../../lib/plugin/serverless'

export function fn(key: string, config: Partial<FunctionConfig> = {}): OwnFunction {
  const runtime = config.runtime ?? 'nodejs22.x'
  return {
    key,
    config: { name: `shop-dev-${key}`, handler: `${key}.handler`, ...config },
    runtime: config.image === undefined ? runtime : undefined,
    vpc: config.vpc !== undefined,
    timeout: config.timeout ?? 6,
    packaged: config.image === undefined && config.package?.artifact === undefined,
    source: runtime.startsWith('nodejs')
      ? { file: `${key}.js`, exportName: 'handler', format: 'commonjs' }
      : undefined,
  }
}

export const SCHEDULE = 'every 30 seconds'

export function facts(tasks: unknown, more: Partial<ServiceFacts> = {}): ServiceFacts {
  const functions = [fn('load', { timeout: 60 }), fn('report', { runtime: 'python3.13' })]
  return {
    service: 'shop',
    stage: 'dev',
    region: 'us-east-1',
    functions,
    tasks,
    slipstream: undefined,
    ...more,
  }
}

/** The one task `load`, of function `load` unless said otherwise. */
export function resolveTask(task: Record<string, unknown>, more: Partial<ServiceFacts> = {}): Task {
  const config = resolveConfig(facts({ load: { function: 'load', schedule: SCHEDULE, ...task } }, more))
  return config.tasks[0] as Task
}

/** The mistakes that are found, a line each. */
export function mistakes(given: ServiceFacts): string[] {
  try {
    resolveConfig(given)
    return []
  } catch (error) {
    const [, ...lines] = (error as Error).message.split('\n')
    return lines.map((line) => line.trim())
  }
}
