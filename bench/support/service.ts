import { TestService } from '../../test/e2e/support/service'
import { floorConfig } from './floor'
import { SERVICE } from './names'

/** Of the target, in MB: Lambda's own default. */
export const TARGET_MEMORY = 128

type Tasks = Record<string, object>

type Options = {
  /** Seconds, of every function. */
  timeout?: number
  functions?: readonly string[]
  /** What stands under `slipstream:`. */
  settings?: object | undefined
}

/** A service whose tasks all run `targets/body.js`. */
export function benchService(
  tasks: Tasks,
  { timeout = 60, functions = ['body'], settings }: Options = {},
): TestService {
  return service(tasks, {
    timeout,
    functions: Object.fromEntries(functions.map((name) => [name, { handler: 'body.handler' }])),
    ...(settings === undefined ? {} : { slipstream: settings }),
  })
}

/** With the bare functions beside it that make the same calls. */
export function floorService(tasks: Tasks): TestService {
  const { functions, resources } = floorConfig()
  return service(tasks, {
    timeout: 60,
    functions: { body: { handler: 'body.handler' }, ...functions },
    resources,
  }).copy('bench/targets/floor.js', 'floor.js')
}

type Parts = { timeout: number; functions: object; resources?: object; slipstream?: object }

function service(tasks: Tasks, { timeout, ...parts }: Parts): TestService {
  return new TestService().copy('bench/targets/body.js', 'body.js').configure({
    service: SERVICE,
    provider: {
      name: 'aws',
      runtime: 'nodejs22.x',
      architecture: 'arm64',
      memorySize: TARGET_MEMORY,
      timeout,
    },
    plugins: ['serverless-slipstream'],
    ...parts,
    tasks: Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [name, { function: 'body', ...task }]),
    ),
  })
}
