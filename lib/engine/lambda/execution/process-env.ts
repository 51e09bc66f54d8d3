import { tmpdir } from 'node:os'
import { DUMMY_CREDENTIALS, type ServiceContext } from '../../api'
import type { FunctionRecord, Version } from '../store'

/** What a process of the host needs to run at all; nothing else of the engine's own environment reaches a function. */
const FROM_HOST = ['PATH', 'HOME', 'LANG', 'SystemRoot', 'TEMP', 'TMP']

/** A function's own variables with which its SDK could be led to a real account or another endpoint. */
const NOT_FROM_FUNCTION =
  /^AWS_(ENDPOINT_URL.*|PROFILE|DEFAULT_PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|.*CREDENTIALS.*|ROLE_ARN|WEB_IDENTITY.*|IGNORE_CONFIGURED_ENDPOINT_URLS|EC2_METADATA.*)$/

/** The environment of a function's process (Developer Guide, configuration-envvars), built from nothing. */
export function processEnv(
  context: ServiceContext,
  fn: FunctionRecord,
  version: Version,
  where: {
    taskRoot: string
    runtimeDir: string
    runtimeApi: string
    logGroup: string
    logStream: string
    emptyFile: string
  },
): Record<string, string> {
  const { config } = version
  const env: Record<string, string> = {}
  for (const name of FROM_HOST) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  for (const [name, value] of Object.entries(config.Variables)) {
    if (!NOT_FROM_FUNCTION.test(name)) env[name] = value
  }
  const json = config.LoggingConfig.LogFormat === 'JSON'
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    TMPDIR: tmpdir(),
    ...env,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: where.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: where.logStream,
    AWS_LAMBDA_LOG_FORMAT: json ? 'JSON' : 'Text',
    ...(json ? { AWS_LAMBDA_LOG_LEVEL: config.LoggingConfig.ApplicationLogLevel ?? 'INFO' } : {}),
    AWS_LAMBDA_RUNTIME_API: where.runtimeApi,
    LAMBDA_TASK_ROOT: where.taskRoot,
    LAMBDA_RUNTIME_DIR: where.runtimeDir,
    _HANDLER: config.Handler,
    AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: 'slipstream',
    AWS_ENDPOINT_URL: context.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: where.emptyFile,
    AWS_SHARED_CREDENTIALS_FILE: where.emptyFile,
  }
}
