import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { InTurn } from '../lib/aws/in-turn'
import { loggable } from '../lib/aws/loggable'
import { portsFromEnvironment } from '../lib/aws/ports'
import { random } from '../lib/aws/random'
import { type Message, readMessage } from '../lib/core/message'
import { onMessage } from '../lib/core/protocol/dispatch'
import { TryAgain } from '../lib/core/protocol/start'
import { perform } from '../lib/ports/perform'

const logger = new Logger()
const processor = new BatchProcessor(EventType.SQS)
const turns = new InTurn()
const { ports, prefix } = portsFromEnvironment(logger)

async function onRecord({ body, messageId, attributes }: SQSRecord): Promise<void> {
  let message: Message | undefined
  try {
    message = readMessage(body)
    // The id survives a redelivery, so a repeated message knows its own earlier write.
    const step = onMessage({ now: Date.now, random, by: messageId, prefix }, message)
    await turns.do(turnOf(message) ?? messageId, () => perform(step, ports))
    logger.debug('message handled', { messageId, ...naming(message) })
  } catch (error) {
    const about = {
      messageId,
      receives: attributes?.ApproximateReceiveCount,
      ...(message && naming(message)),
    }
    if (error instanceof TryAgain) logger.warn('message comes again', { ...about, reason: error.message })
    else logger.error('message failed', { ...about, error: loggable(error) })
    throw error
  }
}

/**
 * Those who want a slot of one task take turns: at once they would refuse one another's writes of the lock and try again,
 * which makes a backlog dear and slow.
 */
function turnOf({ kind, task }: Message): string | undefined {
  return kind === 'tick' || kind === 'run' ? task : undefined
}

/** What a message is about. Not its payload and definition: these are the user's. */
function naming(message: Message): object {
  const { kind, task } = message
  return {
    kind,
    task,
    ...('run' in message ? { run: message.run } : {}),
    ...('scheduledAt' in message ? { scheduledAt: message.scheduledAt } : {}),
    ...('attempt' in message ? { attempt: message.attempt } : {}),
  }
}

/** Each message succeeds or fails alone; what failed comes again, and in the end lies in the dead-letter queue. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  logger.addContext(context)
  return processPartialResponse(event, onRecord, processor, { context, throwOnFullBatchFailure: false })
}
