import type { NextInvocation } from './client'

/** The documented properties (Developer Guide, nodejs-context). */
export function contextOf({ headers }: NextInvocation) {
  const env = process.env
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  const json = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' && value !== '' ? JSON.parse(value) : undefined
  }
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    clientContext: json('lambda-runtime-client-context'),
    identity: json('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: String(headers['lambda-runtime-aws-request-id']),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
}
