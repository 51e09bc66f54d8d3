import type { CommandName } from '../commands/options'
import { runTaskCommand, taskCommands, taskHooks } from './commands'
import { resolveConfig, type ServiceConfig } from './config/resolve'
import type * as schema from './config/schema'
import type { OwnFunction } from './config/target'
import { dev } from './dev'
import { SlipstreamError } from './errors'
import { ignoreGenerated } from './files'
import { handlerFunction, handlersOf, writeArtifact } from './handlers'
import { functionKeys, ids } from './naming'
import { importRetained } from './retain'
import type { CommandOptions, FunctionConfig, Logging, Serverless } from './serverless'
import { checkStack } from './stack-limits'
import { describeMissing, grantTargets } from './target-roles'
import { addResources } from './template'
import { describeVpcTargets } from './vpc'
import { describeWeakTasks } from './warnings'
import { type Bundler, bundlerOf } from './wrap/bundler'
import { generateWrapper, type Wrapped } from './wrap/generate'
import { restrictPackaging } from './wrap/patterns'
import { findHandler } from './wrap/source'

/** The framework's own default, in seconds (osls and Serverless 3 and 4, `provider.timeout`). */
const DEFAULT_TIMEOUT = 6

const hasVpc = (vpc: unknown) => typeof vpc === 'object' && vpc !== null && Object.keys(vpc).length > 0

class SlipstreamPlugin {
  readonly commands = {
    tasks: {
      usage: 'Scheduled tasks of this service',
      commands: {
        dev: {
          usage: 'Run this service and its tasks on this machine',
          lifecycleEvents: ['dev'],
          options: {
            port: {
              usage: 'Port of the local endpoint (default 4566, or the next free one)',
              type: 'string',
            },
            data: { usage: 'Folder where state is kept (default .slipstream/)', type: 'string' },
            reset: { usage: 'Start with no state', type: 'boolean' },
          },
        },
        ...taskCommands(),
      },
    },
  }

  readonly hooks = {
    initialize: async () => this.#initialize(),
    'before:package:compileFunctions': async () => this.#pointAtArtifacts(),
    'before:deploy:deploy': async () => this.#importRetained(),
    'before:deploy:function:initialize': async () => this.#refuseOwn(),
    'package:compileEvents': async () => this.#compile(),
    'after:package:finalize': async () => this.#checkStack(),
    'tasks:dev:dev': async () => this.#dev(),
    ...taskHooks((name) => this.#command(name)),
  }

  readonly #serverless: Serverless
  readonly #options: CommandOptions
  readonly #log: Logging['log']
  readonly #artifacts = new Map<string, string>()
  /** The user's handlers, since this may run again when ours already stand in for them. */
  readonly #handlers = new WeakMap<FunctionConfig, string>()
  #config: ServiceConfig | undefined

  constructor(serverless: Serverless, options: CommandOptions, { log }: Logging) {
    this.#serverless = serverless
    this.#options = options
    this.#log = log
    // Open, because the rules and their messages are ours: see config/.
    serverless.configSchemaHandler.defineTopLevelProperty('tasks', {})
    serverless.configSchemaHandler.defineTopLevelProperty('slipstream', {})
  }

  get #provider() {
    return this.#serverless.getProvider('aws')
  }

  /** Checks the configuration and gives the framework functions as they are to be packaged. May run twice. */
  #initialize(): void {
    const { service, serviceDir, configurationInput } = this.#serverless
    const config = resolveConfig({
      service: service.service,
      stage: this.#provider.getStage(),
      region: this.#provider.getRegion(),
      functions: this.#ownFunctions(),
      tasks: configurationInput['tasks'],
      slipstream: configurationInput['slipstream'],
    })
    this.#config = config.tasks.length === 0 ? undefined : config
    if (this.#config === undefined) return
    ignoreGenerated(serviceDir)
    this.#addHandlers(this.#config)
    restrictPackaging(service, this.#wrap(this.#config), (fn) => this.#bundlerOf(fn) !== undefined)
  }

  #ownFunctions(): OwnFunction[] {
    const { service, serviceDir } = this.#serverless
    return Object.entries(service.functions)
      .filter(([key]) => !this.#artifacts.has(key))
      .map(([key, config]) => {
        const handler = this.#handlers.get(config) ?? config.handler
        return {
          key,
          config,
          runtime: config.image === undefined ? this.#provider.getRuntime(config.runtime) : undefined,
          packaged: config.image === undefined && !(config.package?.artifact ?? service.package.artifact),
          vpc: hasVpc(config.vpc ?? service.provider.vpc),
          timeout: config.timeout ?? service.provider.timeout ?? DEFAULT_TIMEOUT,
          source:
            handler === undefined
              ? undefined
              : findHandler(serviceDir, handler, this.#bundlerOf(config) !== undefined),
        }
      })
  }

  #bundlerOf(config: FunctionConfig): Bundler | undefined {
    if (!this.#provider.getRuntime(config.runtime).startsWith('nodejs')) return undefined
    const { service, serviceDir, pluginManager } = this.#serverless
    const handler = this.#handlers.get(config) ?? config.handler
    return bundlerOf(config, handler, { service, serviceDir, plugins: pluginManager.plugins })
  }

  #wrap({ tasks }: ServiceConfig): Map<string, Wrapped> {
    const wrapped = new Map<string, Wrapped>()
    for (const { target } of tasks) {
      const { own } = target
      if (target.target !== 'wrapped' || !own?.packaged || !own.source || !own.config.handler) continue
      const bundler = this.#bundlerOf(own.config)
      const module = generateWrapper(this.#serverless.serviceDir, own.key, own.source, bundler)
      if (!this.#handlers.has(own.config)) this.#handlers.set(own.config, own.config.handler)
      own.config.handler = module.handler
      wrapped.set(own.key, module)
    }
    return wrapped
  }

  #addHandlers(config: ServiceConfig): void {
    const { service, serviceDir, processedInput } = this.#serverless
    for (const handler of handlersOf(config)) {
      const artifact = writeArtifact(serviceDir, handler)
      this.#artifacts.set(functionKeys[handler], artifact)
      service.functions[functionKeys[handler]] = handlerFunction(
        handler,
        config,
        artifact,
        service,
      ) as FunctionConfig
    }
    service.setFunctionNames(processedInput.options)
  }

  /** `serverless-esbuild` moves the artifact of every Node.js function, also of those that it is told to skip. */
  #pointAtArtifacts(): void {
    for (const [key, artifact] of this.#artifacts) {
      const config = this.#serverless.service.functions[key]
      if (config) config.package = { artifact }
    }
  }

  /** `sls deploy function` would give ours the settings of `provider:` and looks for their roles in vain. */
  #refuseOwn(): void {
    const { function: key = '' } = this.#options
    if (!this.#artifacts.has(key)) return
    throw new SlipstreamError(
      `${key} is deployed with the service: use "sls deploy"`,
      'SLIPSTREAM_OWN_FUNCTION',
    )
  }

  #importRetained(): void {
    if (!this.#config?.settings.retain) return
    const { pluginManager, service } = this.#serverless
    const problem = importRetained(pluginManager.plugins, service)
    if (problem !== undefined) this.#log.warning(problem)
  }

  #compile(): void {
    if (this.#config === undefined) return
    const { service } = this.#serverless
    addResources(this.#config, service, this.#provider)
    const checkerName = service.functions[functionKeys.checker]?.name ?? ''
    for (const weak of describeWeakTasks(this.#config)) this.#log.warning(weak)
    const unreachable = describeVpcTargets(this.#config, this.#provider.getRegion())
    if (unreachable !== undefined) this.#log.warning(unreachable)
    for (const missing of grantTargets(this.#config, service, this.#provider, checkerName)) {
      this.#log.warning(describeMissing(missing))
    }
  }

  /** Not before: what other plugins and the service's own `resources:` add comes in until then. */
  #checkStack(): void {
    if (this.#config === undefined) return
    const { naming } = this.#provider
    const roles = [ids.dispatcherRole, ids.checkerRole, ids.alerterRole, naming.getRoleLogicalId()]
    checkStack(this.#serverless.service.provider.compiledCloudFormationTemplate, roles)
  }

  async #dev(): Promise<void> {
    const { service, serviceDir } = this.#serverless
    const { port, data, reset, 'aws-profile': profile = service.provider.profile } = this.#options
    await dev({
      serviceDir,
      service: service.service,
      stage: this.#provider.getStage(),
      region: this.#provider.getRegion(),
      profile,
      port,
      data,
      reset,
    })
  }

  async #command(name: CommandName): Promise<void> {
    const { service, serviceDir } = this.#serverless
    await runTaskCommand(name, this.#options, {
      folder: serviceDir,
      service: service.service,
      stage: this.#provider.getStage(),
      region: this.#provider.getRegion(),
      profile: this.#options['aws-profile'] ?? service.provider.profile,
    })
  }
}

/** The only way to give types beside the one export that the framework wants. */
declare namespace SlipstreamPlugin {
  /** `tasks:` of a `serverless.ts`. */
  export type Tasks = schema.Tasks
  /** `slipstream:` of a `serverless.ts`. */
  export type Slipstream = schema.Slipstream
}

export = SlipstreamPlugin
