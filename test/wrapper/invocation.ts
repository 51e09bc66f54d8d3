import type { SlipstreamPayload } from '../../lib/core/payload'
import { GRACE } from '../../lib/core/timing'

type Options = { stream?: string; remaining?: number; slipstream?: Partial<SlipstreamPayload> }

/** The event and context of an invocation by a task: stream `s`, a minute to go. */
export function invocation(options: Options = {}) {
  const remaining = options.remaining ?? 60_000
  const startBy = Date.now() + 120_000
  const event = {
    max_len: 6,
    group_name: '/slipstream/test-dev',
    stream_name: options.stream ?? 's',
    slipstream: {
      task: 'demo',
      run: '2026-05-01T10:00:00.000Z',
      attempt: 1,
      scheduledAt: '2026-05-01T10:00:00.000Z',
      trigger: 'schedule',
      target: 'wrapped' as const,
      startBy,
      until: startBy + remaining + GRACE,
      timeout: remaining / 1000,
      failOn: ['ERROR'],
      except: [],
      ...options.slipstream,
    },
  }
  const ends = Date.now() + remaining
  const context = {
    awsRequestId: 'request-1',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => ends - Date.now(),
  }
  return { event, context }
}
