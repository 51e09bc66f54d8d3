import type { Task } from '../../../lib/plugin/config/schema'
import { TestService } from './service'

type Functions = Record<string, { handler: string; [key: string]: unknown }>

/** A service of the fixture's targets, `test/fixtures/targets/`, without a bundler. Its tasks never fall due by themselves. */
export function targetsService(
  name: string,
  functions: Functions,
  tasks: Record<string, Omit<Task, 'failOn' | 'except'> & { failOn?: unknown; except?: unknown }>,
): TestService {
  return new TestService().copy('test/fixtures/targets', 'targets').configure({
    service: name,
    provider: { name: 'aws', runtime: 'nodejs22.x', memorySize: 256, timeout: 30 },
    plugins: ['serverless-slipstream'],
    functions,
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([task, config]) => [
        task,
        { schedule: 'at(2199-01-01T00:00:00)', ...config },
      ]),
    ),
  })
}
