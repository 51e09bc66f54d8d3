import { functionArn } from './function-ref'
import type { FunctionRecord, Version } from './store'

/**
 * The shape FunctionConfiguration. `qualified`: the ARN names the version, as everywhere except for an unqualified
 * $LATEST.
 */
export function describe(region: string, fn: FunctionRecord, version: Version, qualified: boolean) {
  const { config, code } = version
  return {
    FunctionName: fn.name,
    FunctionArn: functionArn(region, fn.name, qualified ? version.version : undefined),
    Runtime: config.Runtime,
    Role: config.Role,
    Handler: config.Handler,
    CodeSize: code.size,
    Description: config.Description,
    Timeout: config.Timeout,
    MemorySize: config.MemorySize,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: version.version,
    ...(config.VpcConfig ? { VpcConfig: config.VpcConfig } : {}),
    ...(config.Layers?.length ? { Layers: config.Layers.map((Arn) => ({ Arn })) } : {}),
    ...(config.DeadLetterArn ? { DeadLetterConfig: { TargetArn: config.DeadLetterArn } } : {}),
    ...(Object.keys(config.Variables).length > 0 ? { Environment: { Variables: config.Variables } } : {}),
    ...(config.KMSKeyArn ? { KMSKeyArn: config.KMSKeyArn } : {}),
    TracingConfig: { Mode: config.TracingMode },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [config.Architecture],
    EphemeralStorage: { Size: config.EphemeralStorage },
    SnapStart: { ApplyOn: config.SnapStart, OptimizationStatus: 'Off' },
    LoggingConfig: {
      LogFormat: 'Text',
      ...config.LoggingConfig,
      LogGroup: logGroupOf(fn.name, version),
    },
  }
}

export function logGroupOf(name: string, version: Version): string {
  return version.config.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`
}
