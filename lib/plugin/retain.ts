import type { FrameworkPlugin, Service } from './serverless'

const imports = new WeakSet<FrameworkPlugin>()

/**
 * Has the framework's change sets take over what exists by the name and belongs to no stack: with `retain` a removed
 * stack leaves its tables and log group behind, and the next deploy would fail at them (CloudFormation User Guide, "Import
 * AWS resources into a CloudFormation stack automatically"; nothing but what has a policy of Retain is ever imported).
 * The framework has no setting for it; osls 3 and 4 and Serverless 4 all build the request in this one method.
 *
 * Answers what the user should know where that cannot be done.
 */
export function importRetained(plugins: FrameworkPlugin[], service: Service): string | undefined {
  if (service.provider.deploymentMethod === 'direct')
    return (
      'slipstream.retain: what an earlier stack left behind can only be taken over by a change set; with ' +
      'provider.deploymentMethod: direct such a deploy fails, because the tables exist'
    )
  const creating = plugins.filter((plugin) => plugin.getCreateChangeSetParams !== undefined)
  for (const plugin of creating) {
    const build = plugin.getCreateChangeSetParams
    if (build === undefined || imports.has(plugin)) continue
    imports.add(plugin)
    plugin.getCreateChangeSetParams = (options) => ({
      ...build.call(plugin, options),
      ImportExistingResources: true,
    })
  }
  if (creating.length > 0) return undefined
  return (
    'slipstream.retain: this version of the framework creates change sets in a way that serverless-slipstream does ' +
    'not know; a deploy after "sls remove" fails, because the tables exist'
  )
}
