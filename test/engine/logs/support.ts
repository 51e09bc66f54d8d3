import {
  CloudWatchLogs,
  type FilteredLogEvent,
  type InputLogEvent,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Service } from '../../../lib/engine/api'
import { createLogs } from '../../../lib/engine/logs'
import { clientConfig } from '../../support/engine'
import { serve } from '../support/serve'

const START = '2027-03-01T12:00:00.000Z'
/** Epoch ms: what the service's clock says at first. */
export const now = Date.parse(START)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const stream = { logGroupName: 'group', logStreamName: 'stream' }

export const line = (timestamp: number, message: string): InputLogEvent => ({ timestamp, message })
export const messages = (events: (OutputLogEvent | FilteredLogEvent)[] | undefined) =>
  events?.map((event) => event.message)

export type StartedLogs = Awaited<ReturnType<typeof startLogs>>

/** CloudWatch Logs of the engine with `stream` in it, a stock client, and stand-ins for the services that it calls. */
export async function startLogs(others: Service[] = []) {
  const served = await serve(createLogs, { start: START, others })
  const logs = new CloudWatchLogs({ ...clientConfig(served.endpoint), maxAttempts: 1 })
  await logs.createLogGroup({ logGroupName: stream.logGroupName })
  await logs.createLogStream(stream)
  return {
    served,
    logs,
    put: (...logEvents: InputLogEvent[]) => logs.putLogEvents({ ...stream, logEvents }),
    close: () => {
      logs.destroy()
      return served.close()
    },
  }
}
