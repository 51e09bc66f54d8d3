import type { RunRecord } from './protocol/record'

/** What `--json` tells of a run, in this order; the record has more, which only the protocol needs. */
const DOCUMENTED = [
  'task',
  'run',
  'status',
  'reason',
  'error',
  'verdict',
  'trigger',
  'triggeredBy',
  'rerunOf',
  'backfill',
  'scheduledAt',
  'attempt',
  'queuedAt',
  'startedAt',
  'finishedAt',
  'retryAt',
  'blockedBy',
  'cancel',
  'function',
  'qualifier',
  'payload',
  'logGroup',
  'logStream',
  'requestId',
  'attempts',
  'expiresAt',
] as const satisfies (keyof RunRecord)[]

/** All times are ISO 8601. */
export function runJson(run: RunRecord): Record<string, unknown> {
  const { retryAt, expiresAt } = run
  const told = {
    ...run,
    retryAt: retryAt === undefined ? undefined : new Date(retryAt).toISOString(),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt * 1000).toISOString(),
  }
  return Object.fromEntries(DOCUMENTED.flatMap((key) => (told[key] === undefined ? [] : [[key, told[key]]])))
}
