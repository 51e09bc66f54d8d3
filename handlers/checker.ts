import { gunzipSync } from 'node:zlib'
import { Logger } from '@aws-lambda-powertools/logger'
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent, Context } from 'aws-lambda'
import { portsFromEnvironment } from '../lib/aws/ports'
import { random } from '../lib/aws/random'
import { onLogBatch } from '../lib/core/protocol/log-batch'
import { onReport, Report } from '../lib/core/protocol/report'
import { perform } from '../lib/ports/perform'

const logger = new Logger()
const { ports, prefix } = portsFromEnvironment()

/**
 * Two things come here: batches of the subscription filter, and Lambda's reports of asynchronous invocations. Both come
 * at least once; a thrown error makes Lambda bring them again, twice at most, and then the deadline decides.
 */
export async function handler(event: CloudWatchLogsEvent | unknown, context: Context): Promise<void> {
  const acting = { now: Date.now, random, by: context.awsRequestId, prefix }
  if (isLogsEvent(event)) {
    const data = JSON.parse(
      gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString('utf8'),
    ) as CloudWatchLogsDecodedData
    // CloudWatch Logs asks with a CONTROL_MESSAGE whether we can be reached.
    if (data.messageType !== 'DATA_MESSAGE') return
    const { logGroup, logStream, logEvents } = data
    await perform(
      onLogBatch(acting, { logGroup, logStream, lines: logEvents.map(({ message }) => message) }),
      ports,
    )
    return
  }
  const report = Report.safeParse(event)
  if (report.success) await perform(onReport(acting, report.data), ports)
  else
    logger.warn('neither a batch of log lines nor a report of Lambda', { keys: Object.keys(Object(event)) })
}

function isLogsEvent(event: unknown): event is CloudWatchLogsEvent {
  const { awslogs } = Object(event) as Partial<CloudWatchLogsEvent>
  return typeof awslogs?.data === 'string'
}
