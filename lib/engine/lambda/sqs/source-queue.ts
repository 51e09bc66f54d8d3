import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'

/** Most messages that one call of SQS takes or gives (API reference, ReceiveMessage, DeleteMessageBatch). */
const MOST = 10

/** The queue of an event source mapping. */
export class SourceQueue {
  private url: string | undefined

  constructor(
    private readonly sqs: SQSClient,
    readonly arn: string,
  ) {}

  /** At most `max` and at most 10; waits up to `wait` seconds, 0 to 20, for the first. */
  async receive(max: number, wait: number, abortSignal: AbortSignal): Promise<Message[]> {
    const { Messages } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: await this.queueUrl(),
        MaxNumberOfMessages: Math.min(max, MOST),
        WaitTimeSeconds: wait,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal },
    )
    return Messages ?? []
  }

  async delete(messages: Message[]): Promise<void> {
    for (let from = 0; from < messages.length; from += MOST) {
      const Entries = messages
        .slice(from, from + MOST)
        .map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: await this.queueUrl(), Entries }))
    }
  }

  /** Seconds. */
  async visibilityTimeout(): Promise<number> {
    const { Attributes } = await this.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: await this.queueUrl(),
        AttributeNames: ['VisibilityTimeout'],
      }),
    )
    return Number(Attributes?.VisibilityTimeout)
  }

  private async queueUrl(): Promise<string> {
    if (this.url === undefined) {
      const QueueName = String(this.arn.split(':')[5])
      const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName }))
      this.url = String(QueueUrl)
    }
    return this.url
  }
}
