import { DUMMY_CREDENTIALS } from '../../local-engine'

/** The part of AWS_ENDPOINT_URL_… of each service that a deployment may call (AWS SDKs reference, service-specific endpoints). */
const SERVICES = [
  'API_GATEWAY',
  'APIGATEWAYV2',
  'CLOUDFORMATION',
  'CLOUDWATCH',
  'CLOUDWATCH_LOGS',
  'COGNITO_IDENTITY_PROVIDER',
  'DYNAMODB',
  'ECR',
  'EVENTBRIDGE',
  'IAM',
  'LAMBDA',
  'S3',
  'SCHEDULER',
  'SECRETS_MANAGER',
  'SNS',
  'SQS',
  'SSM',
  'SSO',
  'SSO_OIDC',
  'STS',
]
/** The names under which osls looks for a proxy, which it would send calls of the endpoint through (lib/aws/config.js). */
const PROXY = /^(https?_)?proxy$/i

export type LocalAws = {
  endpoint: string
  region: string
  /** An empty file in the place of `~/.aws/config`. */
  configFile: string
  /** A file that has dummy credentials for each profile the service may name (`credentialsFor`). */
  credentialsFile: string
}

/**
 * The environment of a process that must not reach an account: the user's without anything of AWS in it, and with what
 * keeps every SDK at the endpoint.
 */
export function localEnvironment(user: NodeJS.ProcessEnv, aws: LocalAws): Record<string, string> {
  const kept = Object.entries(user).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(AWS|SLS|SERVERLESS)_/i.test(entry[0]) && !PROXY.test(entry[0]),
  )
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: DUMMY_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY_CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: aws.configFile,
    AWS_SHARED_CREDENTIALS_FILE: aws.credentialsFile,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, aws.endpoint])),
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    SLS_AWS_MONITORING_FREQUENCY: '500',
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_TRACKING_DISABLED: '1',
  }
}

/** A shared credentials file in which each of these profiles has the dummy credentials. */
export function credentialsFor(profiles: (string | undefined)[]): string {
  const names = new Set(['default', ...profiles.filter((name) => name !== undefined)])
  const { accessKeyId, secretAccessKey } = DUMMY_CREDENTIALS
  return [...names]
    .map(
      (name) => `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    )
    .join('\n')
}

/** Makes `environment` the whole of this process's own, so that nothing in it can find the user's account either. */
export function replaceEnvironment(environment: Record<string, string>): void {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) delete process.env[name]
  }
  Object.assign(process.env, environment)
}
