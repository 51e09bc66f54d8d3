import type { FunctionConfig, Serverless, Service } from '../../../lib/plugin/serverless'

const pascal = (key: string) => key.charAt(0).toUpperCase() + key.slice(1)

/** As much of the framework as the plugin touches, for what the real one does not show. */
export function fakeServerless(
  serviceDir: string,
  functions: Record<string, Partial<FunctionConfig>>,
  configurationInput: Record<string, unknown>,
): Serverless {
  const service: Service = {
    service: 'shop',
    provider: { name: 'aws', compiledCloudFormationTemplate: { Resources: {} } },
    plugins: [],
    functions: functions as Record<string, FunctionConfig>,
    package: {},
    setFunctionNames() {
      for (const [key, config] of Object.entries(service.functions)) config.name ??= `shop-dev-${key}`
    },
  }
  service.setFunctionNames({})
  return {
    serviceDir,
    service,
    configurationInput,
    processedInput: { options: {} },
    pluginManager: { plugins: [] },
    configSchemaHandler: { defineTopLevelProperty: () => {} },
    getProvider: () => ({
      getStage: () => 'dev',
      getRegion: () => 'us-east-1',
      getRuntime: (runtime) => runtime ?? 'nodejs22.x',
      getCustomExecutionRole: ({ role }) => role,
      naming: {
        getLambdaLogicalId: (key) => `${pascal(key)}LambdaFunction`,
        getLogGroupLogicalId: (key) => `${pascal(key)}LogGroup`,
        getRoleLogicalId: () => 'IamRoleLambdaExecution',
      },
    }),
  }
}
