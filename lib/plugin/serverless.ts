/** The part of the framework that the plugin touches, common to osls and Serverless 3 and 4, which have no types for it. */

export type CloudFormation = unknown

export type CloudFormationResource = {
  Type: string
  Properties: Record<string, CloudFormation>
  DependsOn?: string | string[]
  Condition?: string
  DeletionPolicy?: 'Delete' | 'Retain'
  UpdateReplacePolicy?: 'Delete' | 'Retain'
  Metadata?: Record<string, CloudFormation>
}

export type CloudFormationTemplate = {
  Resources: Record<string, CloudFormationResource>
}

/** A function as it stands in `serverless.yml`, with the name that the framework has added before any hook runs. */
export type FunctionConfig = {
  name: string
  handler?: string
  image?: unknown
  runtime?: string
  timeout?: number
  memorySize?: number
  architecture?: string
  description?: string
  role?: CloudFormation
  environment?: Record<string, CloudFormation>
  events?: unknown[]
  package?: { artifact?: string; individually?: boolean; patterns?: string[] }
  condition?: string
  destinations?: unknown
  maximumEventAge?: number
  maximumRetryAttempts?: number
  recursiveLoop?: string
  durableConfig?: unknown
  versionFunction?: boolean
  logRetentionInDays?: number
  vpc?: unknown
  /** Of Serverless 4. */
  build?: unknown
  /** Of `serverless-esbuild`. */
  skipEsbuild?: boolean
  esbuildEntrypoint?: string
  /** Of `serverless-iam-roles-per-function`. */
  iamRoleStatements?: unknown[]
}

export type AwsProvider = {
  getStage(): string
  getRegion(): string
  getRuntime(runtime: string | undefined): string
  /** The role that the user gave a function or the service; undefined where the framework makes one. */
  getCustomExecutionRole(config: FunctionConfig): CloudFormation | undefined
  naming: {
    getLambdaLogicalId(functionKey: string): string
    getLogGroupLogicalId(functionKey: string): string
    getRoleLogicalId(): string
  }
}

export type Service = {
  service: string
  provider: {
    name: string
    profile?: string
    timeout?: number
    vpc?: unknown
    deploymentMethod?: string
    logRetentionInDays?: number
    compiledCloudFormationTemplate: CloudFormationTemplate
  }
  /** Of Serverless 4. */
  build?: string | { esbuild?: unknown } | undefined
  custom?: { esbuild?: unknown } | undefined
  plugins?: string[] | { modules?: string[] } | undefined
  functions: Record<string, FunctionConfig>
  package: { individually?: boolean; patterns?: string[]; artifact?: string }
  resources?: { Resources?: Record<string, CloudFormationResource> } | undefined
  setFunctionNames(options: Record<string, unknown>): void
}

export type Serverless = {
  serviceDir: string
  service: Service
  /** `serverless.yml` with its variables resolved. */
  configurationInput: Record<string, unknown>
  processedInput: { options: Record<string, unknown> }
  getProvider(name: 'aws'): AwsProvider
  pluginManager: { plugins: FrameworkPlugin[] }
  configSchemaHandler: { defineTopLevelProperty(name: string, schema: Record<string, unknown>): void }
}

/** A plugin of the framework's own. Those that deploy have this method for the change sets that they create. */
export type FrameworkPlugin = {
  getCreateChangeSetParams?: (options: unknown) => Record<string, unknown>
}

export type Logging = { log: { warning(message: string): void } }

/** What was said on the command line: of our own commands, and what we look at in the framework's. */
export type CommandOptions = {
  port?: string
  data?: string
  reset?: boolean
  stage?: string
  region?: string
  'aws-profile'?: string
  function?: string
  local?: boolean
}
