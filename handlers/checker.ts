import { Logger } from '@aws-lambda-powertools/logger'
import type { Context as LambdaContext } from 'aws-lambda'
import { loggable } from '../lib/aws/loggable'
import { portsFromEnvironment } from '../lib/aws/ports'
import { random } from '../lib/aws/random'
import { readDelivery, SubscriptionEvent } from '../lib/aws/subscription'
import { parseStreamName } from '../lib/core/names'
import { TargetPayload } from '../lib/core/payload'
import type { Context, Step } from '../lib/core/protocol/effect'
import { onLogBatch } from '../lib/core/protocol/log-batch'
import { onReport, Report } from '../lib/core/protocol/report'
import { perform } from '../lib/ports/perform'

const logger = new Logger()
const { ports, prefix } = portsFromEnvironment(logger)

/** What came, and of which attempt it speaks, for the log. */
type Arrival = { about: Record<string, unknown>; step: (ctx: Context) => Step<void> }

/**
 * Two things come here: deliveries of the subscription filter, and Lambda's reports of asynchronous invocations. Both
 * come at least once. A thrown error makes Lambda bring them again, twice at most, and then the deadline decides; what
 * can never be read is not thrown for.
 */
export async function handler(event: unknown, context: LambdaContext): Promise<void> {
  logger.addContext(context)
  const arrival = read(event)
  if (arrival === undefined) return
  try {
    await perform(arrival.step({ now: Date.now, random, by: context.awsRequestId, prefix }), ports)
    logger.debug('judged', arrival.about)
  } catch (error) {
    logger.error('not judged', { ...arrival.about, error: loggable(error) })
    throw error
  }
}

function read(event: unknown): Arrival | undefined {
  const subscription = SubscriptionEvent.safeParse(event)
  if (subscription.success) return readSubscription(subscription.data)
  const report = Report.safeParse(event)
  if (report.success) {
    const { requestId, condition } = report.data.requestContext
    return {
      about: { reportOf: requestId, condition, ...attemptOf(report.data) },
      step: (ctx) => onReport(ctx, report.data),
    }
  }
  logger.error('neither lines of a log nor a report of Lambda')
  return undefined
}

/** Of which attempt Lambda reports; nothing else of the payload that the target was given. */
function attemptOf({ requestPayload }: Report): Record<string, unknown> {
  const { data } = TargetPayload.safeParse(requestPayload)
  if (data === undefined) return {}
  const { task, run, attempt } = data.slipstream
  return { task, run, attempt }
}

function readSubscription(event: SubscriptionEvent): Arrival | undefined {
  try {
    const batch = readDelivery(event)
    if (batch === undefined) return undefined
    const { logGroup, logStream } = batch
    return {
      about: { logGroup, logStream, ...parseStreamName(logStream) },
      step: (ctx) => onLogBatch(ctx, batch),
    }
  } catch (error) {
    logger.error('lines of a log that cannot be read', { error: loggable(error) })
    return undefined
  }
}
