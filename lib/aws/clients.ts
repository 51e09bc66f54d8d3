import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { GetQueueUrlCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ServiceNames } from '../core/names'
import type { Ports } from '../ports/ports'
import { CloudWatchLogs } from './cloudwatch-logs'
import { DynamoDbStore } from './dynamodb-store'
import { LambdaTargets } from './lambda-targets'
import { SqsQueue } from './sqs-queue'

/** What is not given is found as any AWS tool finds it: environment, shared files, `AWS_ENDPOINT_URL`. */
export type ConnectionConfig = Pick<SQSClientConfig, 'endpoint' | 'region' | 'credentials' | 'profile'>

/** The services as whoever stands outside of them calls them: a person's command or the page. */
export class Clients {
  readonly scheduler: SchedulerClient
  readonly dynamoDb: DynamoDBDocumentClient
  readonly sqs: SQSClient
  readonly logs: CloudWatchLogsClient
  readonly lambda: LambdaClient
  readonly #rawDynamoDb: DynamoDBClient
  readonly #targets: LambdaTargets

  constructor(config: ConnectionConfig) {
    this.scheduler = new SchedulerClient(config)
    this.#rawDynamoDb = new DynamoDBClient(config)
    this.dynamoDb = DynamoDBDocumentClient.from(this.#rawDynamoDb)
    this.sqs = new SQSClient(config)
    this.logs = new CloudWatchLogsClient(config)
    this.lambda = new LambdaClient(config)
    this.#targets = new LambdaTargets(config)
  }

  async queueUrl(name: string): Promise<string> {
    const { QueueUrl = '' } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }))
    return QueueUrl
  }

  /** What the protocol's generators act on. */
  async ports(names: ServiceNames): Promise<Ports> {
    return {
      store: new DynamoDbStore(this.#rawDynamoDb, names),
      queue: new SqsQueue(this.sqs, await this.queueUrl(names.queue)),
      targets: this.#targets,
      logs: new CloudWatchLogs(this.logs, Date.now),
    }
  }

  close(): void {
    for (const client of [this.scheduler, this.#rawDynamoDb, this.sqs, this.logs, this.lambda])
      client.destroy()
    this.#targets.close()
  }
}
