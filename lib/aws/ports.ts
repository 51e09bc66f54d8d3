import type { Logger } from '@aws-lambda-powertools/logger'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SQSClient } from '@aws-sdk/client-sqs'
import { ENVIRONMENT, namesOf } from '../core/names'
import type { Ports } from '../ports/ports'
import { CloudWatchLogs } from './cloudwatch-logs'
import { DynamoDbStore } from './dynamodb-store'
import { LambdaAlerts } from './lambda-alerts'
import { LambdaTargets } from './lambda-targets'
import { ObservedStore } from './observed-store'
import { SqsQueue } from './sqs-queue'
import { telemetry } from './telemetry'

export function variable(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(`The environment variable ${name} is not set; the plugin sets it at sls deploy.`)
  return value
}

/** The world of a handler, as its environment tells it. Made once an execution environment. */
export function portsFromEnvironment(logger: Logger): { ports: Ports; prefix: string } {
  const prefix = variable(ENVIRONMENT.prefix)
  const alerter = process.env[ENVIRONMENT.alerter]
  const ports: Ports = {
    store: new ObservedStore(
      new DynamoDbStore(new DynamoDBClient({}), namesOf(prefix)),
      telemetry(logger, prefix),
    ),
    queue: new SqsQueue(new SQSClient({}), variable(ENVIRONMENT.queueUrl)),
    targets: new LambdaTargets(),
    logs: new CloudWatchLogs(new CloudWatchLogsClient({}), Date.now),
    alerts: alerter ? new LambdaAlerts(alerter, (message, about) => logger.error(message, about)) : undefined,
  }
  return { ports, prefix }
}
