import type { FunctionConfig, Service } from '../serverless'
import type { Wrapped } from './generate'

/**
 * Keeps `.slipstream/` out of every artifact but for what was generated for the functions in it.
 *
 * A function that is packaged on its own has its patterns after the service's, the last one decides. What
 * `serverless-esbuild` packages is what it bundled, generated modules included, so there only the exclusion is said; on
 * the function itself it would take the bundle out as well.
 */
export function restrictPackaging(
  service: Service,
  wrapped: Map<string, Wrapped>,
  isBundled: (config: FunctionConfig) => boolean,
): void {
  const together: string[] = []
  for (const [key, config] of Object.entries(service.functions)) {
    if (isBundled(config) || config.package?.artifact !== undefined) continue
    const files = wrapped.get(key)?.files ?? []
    if (service.package.individually || config.package?.individually) {
      config.package = { ...config.package, patterns: withOurs(config.package?.patterns, files) }
    } else {
      together.push(...files)
    }
  }
  service.package.patterns = withOurs(service.package.patterns, together)
}

const EVERYTHING = '!.slipstream/**'

/** Ours come last and once, however often this runs. */
function withOurs(patterns: string[] = [], files: string[]): string[] {
  const ours = [EVERYTHING, ...new Set(files)]
  return [...patterns.filter((pattern) => !ours.includes(pattern)), ...ours]
}
