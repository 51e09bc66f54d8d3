import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Outgoing } from '../core/protocol/effect'
import type { Queue } from '../ports/ports'

/** As many as SendMessageBatch takes (API reference). */
const BATCH = 10

export class SqsQueue implements Queue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async send(messages: readonly Outgoing[]): Promise<void> {
    for (let from = 0; from < messages.length; from += BATCH)
      await this.sendBatch(messages.slice(from, from + BATCH))
  }

  private async sendBatch(messages: readonly Outgoing[]): Promise<void> {
    const { Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: messages.map(({ message, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySeconds,
        })),
      }),
    )
    // A redelivery sends them all again; every message may come twice.
    if (Failed.length > 0)
      throw new Error(
        `SQS took ${messages.length - Failed.length} of ${messages.length} messages: ${Failed[0]?.Message}`,
      )
  }
}
