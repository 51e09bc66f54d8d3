import type { ServiceConfig } from '../config/resolve'
import { handlersOf, isolateHandler } from '../handlers'
import { functionKeys } from '../naming'
import type { AwsProvider, CloudFormationResource, Service } from '../serverless'
import { alarms } from './alarms'
import { alerts } from './alerts'
import { handlerRoles } from './handler-roles'
import { dispatcherQueue } from './handlers'
import { invokeConfigs } from './invoke-configs'
import { logs } from './logs'
import { queues } from './queues'
import { schedules } from './schedules'
import { tables } from './tables'

/** Adds everything that Slipstream needs to the compiled template. */
export function addResources(config: ServiceConfig, service: Service, provider: AwsProvider): void {
  const { naming } = provider
  const { Resources: compiled } = service.provider.compiledCloudFormationTemplate
  const existing = { ...compiled, ...service.resources?.Resources }
  const nameOf = (key: string) => service.functions[key]?.name ?? key
  Object.assign(
    compiled,
    tables(config),
    queues(config.names),
    alarms(config),
    schedules(config),
    logs(config, idsByName(existing, 'AWS::Logs::LogGroup', 'LogGroupName'), naming),
    handlerRoles(config, {
      dispatcher: nameOf(functionKeys.dispatcher),
      checker: nameOf(functionKeys.checker),
    }),
    dispatcherQueue(naming),
    alerts(config, nameOf(functionKeys.alerter), naming),
    invokeConfigs(config.tasks, idsByName(existing, 'AWS::Lambda::Alias', 'Name'), naming),
  )
  for (const handler of handlersOf(config)) {
    const resource = compiled[naming.getLambdaLogicalId(functionKeys[handler])]
    if (resource) isolateHandler(handler, config, resource)
  }
  // Retries pass through the queue, which Lambda would take for a loop after about 16 and then stop the target as well.
  for (const { target } of config.tasks) {
    const resource = target.own && compiled[naming.getLambdaLogicalId(target.own.key)]
    if (resource) resource.Properties['RecursiveLoop'] = 'Allow'
  }
}

/** Logical ids of the resources of a type by the name that they are given, where it is plain text. */
function idsByName(
  resources: Record<string, CloudFormationResource>,
  type: string,
  property: string,
): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [id, resource] of Object.entries(resources)) {
    const name = resource.Type === type ? resource.Properties[property] : undefined
    if (typeof name === 'string') found.set(name, [...(found.get(name) ?? []), id])
  }
  return found
}
