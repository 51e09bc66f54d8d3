import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { portsFromEnvironment } from '../lib/aws/ports'
import { random } from '../lib/aws/random'
import { readMessage } from '../lib/core/message'
import { onMessage } from '../lib/core/protocol/dispatch'
import { perform } from '../lib/ports/perform'

const logger = new Logger()
const processor = new BatchProcessor(EventType.SQS)
const { ports, prefix } = portsFromEnvironment()

async function onRecord(record: SQSRecord): Promise<void> {
  try {
    const message = readMessage(record.body)
    logger.debug('message', { message })
    // The id survives a redelivery, so a repeated message knows its own earlier write.
    await perform(onMessage({ now: Date.now, random, by: record.messageId, prefix }, message), ports)
  } catch (error) {
    logger.error('message failed', { error: error as Error, messageId: record.messageId })
    throw error
  }
}

/** Each message succeeds or fails alone; what failed comes again, and in the end lies in the dead-letter queue. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, onRecord, processor, { context, throwOnFullBatchFailure: false })
