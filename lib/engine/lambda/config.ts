import * as z from 'zod/mini'
import { invalid } from './errors'

const text = z.string()
const empty = (what: string) =>
  z.array(z.unknown()).check(z.maxLength(0, `${what} are not supported by the local engine`))

export const LoggingConfig = z.strictObject({
  LogFormat: z.optional(z.enum(['Text', 'JSON'])),
  ApplicationLogLevel: z.optional(z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'])),
  SystemLogLevel: z.optional(z.enum(['DEBUG', 'INFO', 'WARN'])),
  LogGroup: z.optional(z.string().check(z.regex(/^[.\-_/#A-Za-z0-9]{1,512}$/))),
})

const Runtime = z
  .string()
  .check(z.regex(/^(nodejs\d+\.x|python3\.\d+)$/, 'the local engine runs nodejs*.x and python3.* only'))

/**
 * What CreateFunction and UpdateFunctionConfiguration share. Ranges are the API model's, except that time-outs over
 * 900 s (Lambda Managed Instances) are refused. `VpcConfig`, `Layers`, `TracingConfig`, `KMSKeyArn`, `EphemeralStorage`
 * and `SnapStart` are kept and shown but change nothing here.
 */
export const settings = {
  Role: z.optional(text),
  Handler: z.optional(z.string().check(z.regex(/^\S{1,128}$/))),
  Runtime: z.optional(Runtime),
  Description: z.optional(z.string().check(z.maxLength(256))),
  Timeout: z.optional(z.int().check(z.minimum(1), z.maximum(900))),
  MemorySize: z.optional(z.int().check(z.minimum(128), z.maximum(10240))),
  Environment: z.optional(
    z.strictObject({ Variables: z.optional(z.record(z.string().check(z.regex(/^[a-zA-Z]\w+$/)), text)) }),
  ),
  DeadLetterConfig: z.optional(z.strictObject({ TargetArn: z.optional(text) })),
  TracingConfig: z.optional(z.strictObject({ Mode: z.optional(z.enum(['Active', 'PassThrough'])) })),
  VpcConfig: z.optional(z.record(z.string(), z.unknown())),
  KMSKeyArn: z.optional(text),
  EphemeralStorage: z.optional(z.strictObject({ Size: z.int().check(z.minimum(512), z.maximum(10240)) })),
  SnapStart: z.optional(z.strictObject({ ApplyOn: z.optional(z.enum(['None', 'PublishedVersions'])) })),
  LoggingConfig: z.optional(LoggingConfig),
  Layers: z.optional(z.array(text)),
  FileSystemConfigs: z.optional(empty('file systems')),
}

const Settings = z.object(settings)
export type Settings = z.infer<typeof Settings>

/** The settings of a function, complete. `Timeout` in seconds, `MemorySize` in MB. */
export type Config = {
  Role: string
  Handler: string
  Runtime: string
  Description: string
  Timeout: number
  MemorySize: number
  Variables: Record<string, string>
  DeadLetterArn?: string
  TracingMode: 'Active' | 'PassThrough'
  VpcConfig?: Record<string, unknown>
  Layers?: string[]
  KMSKeyArn?: string
  EphemeralStorage: number
  /** Shown only: the host's own runs. */
  Architecture: 'x86_64' | 'arm64'
  SnapStart: 'None' | 'PublishedVersions'
  LoggingConfig: z.infer<typeof LoggingConfig>
}

/** Developer Guide, configuration-envvars: keys that a function may not set. */
const RESERVED = new Set([
  ...['_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV'],
  ...['AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION'],
  ...['AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME'],
  ...['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
])
/** Developer Guide, gettingstarted-limits. */
const ENVIRONMENT_BYTES = 4096

const SQS_ARN = /^arn:aws[a-zA-Z-]*:sqs:[^:]+:\d{12}:[^:]+$/

/** `current` with what a request changes. */
export function withSettings(current: Config, change: Settings): Config {
  const next: Config = { ...current }
  if (change.Role !== undefined) next.Role = change.Role
  if (change.Handler !== undefined) next.Handler = change.Handler
  if (change.Runtime !== undefined) next.Runtime = change.Runtime
  if (change.Description !== undefined) next.Description = change.Description
  if (change.Timeout !== undefined) next.Timeout = change.Timeout
  if (change.MemorySize !== undefined) next.MemorySize = change.MemorySize
  if (change.Environment) next.Variables = checkVariables(change.Environment.Variables ?? {})
  if (change.TracingConfig?.Mode) next.TracingMode = change.TracingConfig.Mode
  if (change.VpcConfig) next.VpcConfig = change.VpcConfig
  if (change.Layers) next.Layers = change.Layers
  if (change.KMSKeyArn !== undefined) next.KMSKeyArn = change.KMSKeyArn
  if (change.EphemeralStorage) next.EphemeralStorage = change.EphemeralStorage.Size
  if (change.SnapStart?.ApplyOn) next.SnapStart = change.SnapStart.ApplyOn
  if (change.LoggingConfig) next.LoggingConfig = { ...current.LoggingConfig, ...change.LoggingConfig }
  if (change.DeadLetterConfig) setDeadLetters(next, change.DeadLetterConfig.TargetArn)
  return next
}

export function newConfig(settings: Settings & { Role: string }): Config {
  if (settings.Handler === undefined || settings.Runtime === undefined) {
    throw invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    )
  }
  const defaults: Config = {
    Role: settings.Role,
    Handler: settings.Handler,
    Runtime: settings.Runtime,
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    Variables: {},
    TracingMode: 'PassThrough',
    EphemeralStorage: 512,
    Architecture: 'x86_64',
    SnapStart: 'None',
    LoggingConfig: {},
  }
  return withSettings(defaults, settings)
}

function setDeadLetters(config: Config, arn: string | undefined): void {
  if (!arn) {
    delete config.DeadLetterArn
    return
  }
  if (!SQS_ARN.test(arn))
    throw invalid(`DeadLetterConfig.TargetArn: the local engine has SQS queues only, not ${arn}`)
  config.DeadLetterArn = arn
}

function checkVariables(variables: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(variables).filter((key) => RESERVED.has(key))
  if (reserved.length > 0) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        'contains reserved keys that are currently not supported for modification. ' +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > ENVIRONMENT_BYTES) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit.`,
    )
  }
  return variables
}
