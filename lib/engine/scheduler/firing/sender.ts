import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Target } from '@aws-sdk/client-scheduler'
import {
  GetQueueUrlCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { DUMMY_CREDENTIALS, type ServiceContext } from '../../api'

const QUEUE = /^arn:[\w-]+:sqs:[\w-]+:\d{12}:([\w.-]+)$/
const FUNCTION = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:/

/** The targets that the local engine has, of all that AWS has. */
export const isSupported = (arn: string) => QUEUE.test(arn) || FUNCTION.test(arn)

/** Hands messages to targets, one try a call: the pauses between tries are the engine's clock's. */
export class Sender {
  private readonly sqs: SQSClient
  private readonly lambda: LambdaClient
  /** By ARN: a queue that is made anew has the URL of the old one. */
  private readonly urls = new Map<string, string>()
  private readonly closing = new AbortController()

  constructor({ endpoint, inside: requestHandler, region }: ServiceContext) {
    const config = { endpoint, requestHandler, region, credentials: DUMMY_CREDENTIALS, maxAttempts: 1 }
    this.sqs = new SQSClient(config)
    this.lambda = new LambdaClient(config)
  }

  /** Rejects with the SDK's error. */
  async send(target: Target, message: string): Promise<void> {
    const arn = target.Arn ?? ''
    if (QUEUE.test(arn)) {
      await this.toQueue(arn, message, { MessageGroupId: target.SqsParameters?.MessageGroupId })
      return
    }
    const command = new InvokeCommand({
      FunctionName: arn,
      InvocationType: 'Event',
      Payload: Buffer.from(message),
    })
    await this.lambda.send(command, { abortSignal: this.closing.signal })
  }

  /** Rejects with the SDK's error. `attributes` are sent as text. */
  async deadLetter(queueArn: string, message: string, attributes: Record<string, string>): Promise<void> {
    const entries = Object.entries(attributes).map(([name, value]): [string, MessageAttributeValue] => [
      name,
      { DataType: 'String', StringValue: value },
    ])
    await this.toQueue(queueArn, message, { MessageAttributes: Object.fromEntries(entries) })
  }

  close(): void {
    this.closing.abort()
    this.sqs.destroy()
    this.lambda.destroy()
  }

  private async toQueue(
    arn: string,
    message: string,
    more: { MessageGroupId?: string | undefined; MessageAttributes?: Record<string, MessageAttributeValue> },
  ): Promise<void> {
    const abort = { abortSignal: this.closing.signal }
    const QueueUrl = this.urls.get(arn) ?? (await this.urlOf(arn))
    await this.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: message, ...more }), abort)
  }

  private async urlOf(arn: string): Promise<string | undefined> {
    const command = new GetQueueUrlCommand({ QueueName: QUEUE.exec(arn)?.[1] })
    const { QueueUrl } = await this.sqs.send(command, { abortSignal: this.closing.signal })
    if (QueueUrl !== undefined) this.urls.set(arn, QueueUrl)
    return QueueUrl
  }
}
