import { gunzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import type { LogBatch } from '../core/protocol/log-batch'

/**
 * The most that a delivery may unpack to, in bytes: the checker's memory bears it, and an asynchronous event of 1 MB that
 * holds more is no log but a bomb.
 */
const MAX_UNPACKED = 32 * 1024 * 1024

/** What CloudWatch Logs invokes a function with (User Guide, SubscriptionFilters). */
export const SubscriptionEvent = z.object({ awslogs: z.object({ data: z.string() }) })
export type SubscriptionEvent = z.infer<typeof SubscriptionEvent>

const Delivery = z.object({
  messageType: z.string(),
  logGroup: z.string(),
  logStream: z.string(),
  logEvents: z.array(z.object({ message: z.string() })),
})

/**
 * The lines of a delivery; undefined for a CONTROL_MESSAGE, by which CloudWatch Logs asks whether we can be reached.
 *
 * @throws where it is no delivery. The error quotes nothing of what it is instead.
 */
export function readDelivery({ awslogs }: SubscriptionEvent): LogBatch | undefined {
  const { messageType, logGroup, logStream, logEvents } = Delivery.parse(unpack(awslogs.data))
  if (messageType !== 'DATA_MESSAGE') return undefined
  return { logGroup, logStream, lines: logEvents.map(({ message }) => message) }
}

function unpack(data: string): unknown {
  const bytes = gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MAX_UNPACKED })
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new Error(`not JSON, ${bytes.length} bytes`)
  }
}
