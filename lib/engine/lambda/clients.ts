import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DUMMY_CREDENTIALS, type ServiceContext } from '../api'

/** The engine's other services, as stock clients at the engine's own endpoint. */
export class Clients {
  readonly logs: CloudWatchLogsClient
  readonly lambda: LambdaClient
  readonly s3: S3Client
  readonly sqs: SQSClient

  constructor({ endpoint, inside: requestHandler, region }: ServiceContext) {
    const config = { endpoint, region, credentials: DUMMY_CREDENTIALS, maxAttempts: 2 }
    this.logs = new CloudWatchLogsClient({ ...config, requestHandler })
    this.lambda = new LambdaClient({ ...config, requestHandler })
    this.s3 = new S3Client({ ...config, forcePathStyle: true })
    this.sqs = new SQSClient({ ...config, requestHandler })
  }

  close(): void {
    for (const client of [this.logs, this.lambda, this.s3, this.sqs]) client.destroy()
  }
}
