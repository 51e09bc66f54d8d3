import type { FrameworkPlugin, FunctionConfig, Service } from '../serverless'
import { findHandler } from './source'

/** What puts a function's code together from a handler that is bundled. */
export type Bundler = 'serverless-esbuild' | 'serverless-webpack' | 'built-in'

export type Surroundings = {
  serviceDir: string
  service: Service
  /** Those that are loaded, the framework's own among them. */
  plugins: readonly FrameworkPlugin[]
}

/** The bundler of a Node.js function whose handler is `handler`, or undefined where its files are packed as they are. */
export function bundlerOf(
  config: FunctionConfig,
  handler: string | undefined,
  around: Surroundings,
): Bundler | undefined {
  if (hasPlugin(around.service, 'serverless-esbuild'))
    return config.skipEsbuild === true ? undefined : 'serverless-esbuild'
  if (hasPlugin(around.service, 'serverless-webpack')) return 'serverless-webpack'
  return hasBuiltIn(around.plugins) && isBuiltIn(config, handler, around) ? 'built-in' : undefined
}

/** Whether `plugins:`, a list or a map with `modules`, names this one. */
export function hasPlugin({ plugins }: Service, name: string): boolean {
  return (Array.isArray(plugins) ? plugins : (plugins?.modules ?? [])).includes(name)
}

/** Serverless 4 has esbuild as a plugin of its own; this is how its class can be told from all others. */
const hasBuiltIn = (plugins: readonly FrameworkPlugin[]) =>
  plugins.some((plugin) => 'WillEsBuildRun' in plugin.constructor)

/** Serverless 4's own rule (packages/serverless/lib/plugins/esbuild, _shouldBuildFunction). */
function isBuiltIn(
  { build: own, package: packaging }: FunctionConfig,
  handler: string | undefined,
  { service, serviceDir }: Surroundings,
): boolean {
  const { build } = service
  if (typeof build === 'object' && build.esbuild === false) return false
  if (packaging?.artifact ?? (packaging?.individually ? undefined : service.package.artifact)) return false
  if (own) return own === 'esbuild'
  if (build) return build === 'esbuild' || (typeof build === 'object' && Boolean(build.esbuild))
  const source = handler === undefined ? undefined : findHandler(serviceDir, handler, false)
  return /\.[cm]?tsx?$/.test(source?.file ?? '')
}
