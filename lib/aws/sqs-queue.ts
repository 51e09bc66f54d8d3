import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { writeMessage } from '../core/message'
import type { Outgoing } from '../core/protocol/effect'
import type { Queue } from '../ports/ports'

/** As many as SendMessageBatch takes (API reference). */
const BATCH = 10
/** Of a whole batch, in bytes. AWS takes 1 MiB since August 2025; emulators, and AWS before, 256 KiB. */
const BATCH_BYTES = 256 * 1024

export class SqsQueue implements Queue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async send(messages: readonly Outgoing[]): Promise<void> {
    for (const batch of batches(messages)) await this.sendBatch(batch)
  }

  private async sendBatch(Entries: SendMessageBatchRequestEntry[]): Promise<void> {
    const { Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }),
    )
    // A redelivery sends them all again; every message may come twice.
    if (Failed.length > 0)
      throw new Error(
        `SQS took ${Entries.length - Failed.length} of ${Entries.length} messages: ${Failed[0]?.Message}`,
      )
  }
}

function* batches(messages: readonly Outgoing[]): Generator<SendMessageBatchRequestEntry[]> {
  let batch: SendMessageBatchRequestEntry[] = []
  let bytes = 0
  for (const { message, delaySeconds } of messages) {
    const MessageBody = writeMessage(message)
    const size = Buffer.byteLength(MessageBody)
    if (batch.length === BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push({ Id: String(batch.length), MessageBody, DelaySeconds: delaySeconds })
    bytes += size
  }
  if (batch.length > 0) yield batch
}
