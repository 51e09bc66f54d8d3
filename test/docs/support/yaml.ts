import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../lib/paths'
import { resolveConfig, type ServiceConfig } from '../../../lib/plugin/config/resolve'
import type { FunctionConfig } from '../../../lib/plugin/serverless'
import { facts, fn } from '../../plugin/support/facts'

type Parsed = {
  service?: string
  provider?: { runtime?: string }
  functions?: Record<string, Partial<FunctionConfig>>
  tasks?: Record<string, { function?: string }>
  slipstream?: unknown
  resources?: { extensions?: Record<string, unknown> }
}

/** The parser that the framework itself uses. */
const yaml = createRequire(join(PACKAGE_ROOT, 'node_modules', 'serverless', 'package.json'))('js-yaml') as {
  load(text: string): Parsed
}

export const loadYaml = (text: string) => yaml.load(text)

/**
 * Reads `tasks:` and `slipstream:` of a snippet with the plugin's own rules. Where it names no functions those that its
 * tasks name are functions of the service.
 *
 * @throws with the plugin's own sentences
 */
export function configOf(text: string): ServiceConfig {
  const { service = 'shop', provider = {}, functions, tasks = {}, slipstream } = yaml.load(text)
  const { runtime } = provider
  const named = Object.values(tasks).flatMap((task) => (task.function === undefined ? [] : [task.function]))
  const own =
    functions ??
    Object.fromEntries(
      named.filter((name) => !name.startsWith('arn:')).map((name) => [name, { timeout: 900 }]),
    )
  return resolveConfig(
    facts(tasks, {
      service,
      slipstream,
      functions: Object.entries(own).map(([key, config]) =>
        fn(key, { ...(runtime === undefined ? {} : { runtime }), ...config }),
      ),
    }),
  )
}
