import { formatRecord } from '../../../lib/core/log-record'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { type HandMade, NOW, startHandMade } from './service'

/** A time so many seconds after `NOW`. */
export const at = (offsetSeconds: number) => new Date(Date.parse(NOW) + offsetSeconds * 1000).toISOString()
/** What an ended run adds to its record. */
export const ended = (
  start: number,
  seconds: number,
  fields: Partial<RunRecord> = {},
): Partial<RunRecord> => ({
  startedAt: at(start),
  finishedAt: at(start + seconds),
  attempt: 1,
  ...fields,
})

const FAILED_LINE = 'ERROR\tno such table: orders'
export const verdict = { rule: 'ERROR', line: 3, text: FAILED_LINE }
const STREAM = 'load/2026/03/02/[$LATEST]093000000-'

/** Four tasks, of which one failed, one runs, one is disabled and one paused. No test may change what others look at. */
export async function startShop(): Promise<HandMade> {
  const shop = await startHandMade()
  await shop.schedule('load', {
    expression: 'cron(* * * * ? *)',
    everySeconds: 90,
    tags: ['team-a'],
    owner: 'data@example.com',
    description: 'Loads the day',
    payload: { max_len: 6 },
    definition: {
      retry: { attempts: 3, delay: 30, backoff: 2, maxDelay: 3600 },
      startWithin: 600,
      overlap: 'latest',
    },
  })
  await shop.schedule('quiet', { enabled: false })
  await shop.schedule('report', {
    expression: 'cron(30 2 * * ? *)',
    timezone: 'Europe/Berlin',
    tags: ['team-a'],
  })
  await shop.schedule('sync', { expression: 'cron(0/15 * * * ? *)' })

  const attempts = [1, 2].map((attempt) => ({
    attempt,
    logStream: `${STREAM}${attempt}-abc`,
    startedAt: at(-1800),
  }))
  await shop.run('load', at(-1800), {
    ...ended(-1800, 12.3, { status: 'FAILED', reason: 'log-rule', verdict, attempt: 2, attempts }),
    error: `line 3 matched failOn ERROR: ${FAILED_LINE}`,
    logStream: `${STREAM}2-abc`,
    expiresAt: 1_800_000_000,
    until: 1,
    by: 'message-1',
  })
  await shop.run('load', at(-90), {
    status: 'SKIPPED',
    reason: 'overlap',
    blockedBy: at(-1800),
    finishedAt: at(-90),
  })
  await shop.run('sync', at(-3600), ended(-3600, 65))
  await shop.run('sync', at(-900), { status: 'RUNNING', startedAt: at(-899), attempt: 1, logStream: 'none' })
  await shop.run('sync', at(-1.5), { status: 'QUEUED', trigger: 'manual', queuedAt: at(-1) })
  await shop.lock('sync', { slots: { [at(-900)]: Date.parse(at(600)) }, waiting: new Set([at(-1.5)]) })
  await shop.lock('report', { paused: { reason: 'the source is broken', until: Date.parse(at(5 * 86_400)) } })

  const filler = Array.from({ length: 6 }, (_, index) => `INFO\trow ${index}`)
  await shop.stream(`${STREAM}1-abc`, ['INFO\tfirst attempt', 'ERROR\tbroken pipe'])
  await shop.stream(`${STREAM}2-abc`, [
    formatRecord({ slipstream: 'start', requestId: 'r', at: NOW }),
    'INFO\tsecond attempt',
    'DEBUG\t\u001b[32mgreen\u001b[0m',
    FAILED_LINE,
    formatRecord({ slipstream: 'error', verdict }),
    ...filler,
    '{"level":"warn","msg":"slow"}',
    formatRecord({ slipstream: 'end', requestId: 'r', at: NOW, outcome: 'returned', errors: 1, verdict }),
  ])
  return shop
}
