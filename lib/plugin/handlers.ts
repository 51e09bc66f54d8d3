import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { zipSync } from 'fflate'
import { ALERTER_TIMEOUT } from '../core/alerts/respond'
import { ENVIRONMENT } from '../core/names'
import { DISPATCHER_TIMEOUT, SECOND } from '../core/timing'
import { built } from '../paths'
import { hasAlerts, type ServiceConfig } from './config/resolve'
import { SlipstreamError } from './errors'
import { writeIfChanged } from './files'
import { functionKeys, ids } from './naming'
import type { CloudFormation, CloudFormationResource, FunctionConfig, Service } from './serverless'
import { hasPlugin } from './wrap/bundler'

export type HandlerName = keyof typeof functionKeys

/** Those that the service needs. */
export function handlersOf(config: ServiceConfig): HandlerName[] {
  return hasAlerts(config) ? ['dispatcher', 'checker', 'alerter'] : ['dispatcher', 'checker']
}

/**
 * MB, of each. CPU comes in proportion (AWS Lambda Developer Guide, configuration-memory). Half of it would leave the
 * process no room, and with more a run costs more and starts hardly sooner: `npm run bench -- --only memorySizes` prints the
 * table. See docs/costs.md.
 */
const MEMORY = 256

const ABOUT = {
  dispatcher: {
    description: 'Slipstream: admits the ticks of tasks and starts their runs',
    timeout: DISPATCHER_TIMEOUT / SECOND,
    memorySize: MEMORY,
    role: ids.dispatcherRole,
  },
  checker: {
    description: 'Slipstream: judges runs by their log and by what Lambda reports',
    timeout: 30,
    memorySize: MEMORY,
    role: ids.checkerRole,
  },
  alerter: {
    description: 'Slipstream: tells of failed runs, looks for missed ticks',
    timeout: ALERTER_TIMEOUT / SECOND,
    memorySize: MEMORY,
    role: ids.alerterRole,
  },
}

const RUNTIME = 'nodejs22.x'

/** Days that our own functions' logs are kept where the service does not say. */
const LOG_RETENTION = 30

/**
 * The function of the service that runs one of our handlers. It is one like the user's, so that `sls logs` and
 * `sls invoke` know it, with an artifact that is already built.
 */
export function handlerFunction(
  handler: HandlerName,
  config: ServiceConfig,
  artifact: string,
  service: Service,
): Omit<FunctionConfig, 'name'> {
  return {
    ...ABOUT[handler],
    handler: `${handler}.handler`,
    // It looks for the source of every function of a Node.js runtime and has no way to leave one out.
    runtime: hasPlugin(service, 'serverless-webpack') ? 'provided.al2023' : RUNTIME,
    architecture: 'arm64',
    recursiveLoop: 'Allow',
    versionFunction: false,
    ...(service.provider.logRetentionInDays === undefined ? { logRetentionInDays: LOG_RETENTION } : {}),
    environment: environmentOf(handler, config),
    package: { artifact },
    skipEsbuild: true,
    events: [],
  }
}

function environmentOf(handler: HandlerName, config: ServiceConfig): Record<string, CloudFormation> {
  const { names, stage, channels } = config
  const { metrics = false } = config.settings
  const byTask = typeof metrics === 'object' && metrics.byTask
  const addresses = [...channels].map(([channel, address]) => [
    `${ENVIRONMENT.channel}${channel.replace(':', '_')}`,
    address,
  ])
  return {
    [ENVIRONMENT.prefix]: names.prefix,
    [ENVIRONMENT.queueUrl]: { Ref: ids.queue },
    ...(metrics ? { [ENVIRONMENT.metrics]: byTask ? 'task' : 'service' } : {}),
    POWERTOOLS_SERVICE_NAME: names.prefix,
    ...(handler === 'alerter' ? { [ENVIRONMENT.stage]: stage, ...Object.fromEntries(addresses) } : {}),
    ...(handler !== 'alerter' && hasAlerts(config) ? { [ENVIRONMENT.alerter]: names.alerter } : {}),
  }
}

/** Writes the artifact of a handler and answers its path, relative to the service. The same bundle gives the same bytes. */
export function writeArtifact(serviceDir: string, handler: HandlerName): string {
  const bundle = built('handlers', `${handler}.js`)
  if (!existsSync(bundle)) {
    throw new SlipstreamError(
      `${bundle} is missing: run "npm run build" in serverless-slipstream`,
      'SLIPSTREAM_NOT_BUILT',
    )
  }
  const artifact = posix.join('.slipstream/artifacts', `${functionKeys[handler]}.zip`)
  const unixFile = { os: 3, attrs: (0o100644 << 16) >>> 0, mtime: new Date(1980, 0, 1) }
  const zip = zipSync({ [`${handler}.js`]: [readFileSync(bundle), unixFile] }, { level: 9 })
  writeIfChanged(join(serviceDir, artifact), zip)
  return artifact
}

/** What of a compiled function is ours or harmless. */
const KEPT = [
  'Code',
  'FunctionName',
  'Description',
  'Handler',
  'Architectures',
  'MemorySize',
  'Timeout',
  'Role',
  'Tags',
]

/**
 * Takes out of a compiled handler what `provider:` gives to every function and ours must not have: the network, layers,
 * environment, key and tracing of the user's code, for which its role has no rights. Its own network is put in, and
 * `RecursiveLoop`, because not every framework version knows it. Lambda's own lines of invocations that went well would be
 * the larger part of what a run costs in logs; WARN leaves them out (AWS Lambda Developer Guide,
 * monitoring-cloudwatchlogs-log-level).
 */
export function isolateHandler(
  handler: HandlerName,
  config: ServiceConfig,
  resource: CloudFormationResource,
): void {
  const kept = Object.entries(resource.Properties).filter(([name]) => KEPT.includes(name))
  const { vpc, metrics, logLevel = metrics ? 'INFO' : 'WARN' } = config.settings
  resource.Properties = {
    ...Object.fromEntries(kept),
    Runtime: RUNTIME,
    Environment: { Variables: environmentOf(handler, config) },
    ...(vpc ? { VpcConfig: { SecurityGroupIds: vpc.securityGroupIds, SubnetIds: vpc.subnetIds } } : {}),
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: logLevel, SystemLogLevel: 'WARN' },
    RecursiveLoop: 'Allow',
  }
  // The framework adds its role, which the function refers to anyhow (cfn-lint W3005).
  resource.DependsOn = [resource.DependsOn ?? []].flat().filter((id) => id !== ABOUT[handler].role)
}
