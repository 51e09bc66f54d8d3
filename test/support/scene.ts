/** A service as one could meet it in the morning: most is well, something failed at night, something hangs. */
import type { RunRecord } from '../../lib/core/protocol/record'
import type { Seed, TaskSeed } from './seed'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const LONG_LOG = 20_000
export const FAILING_LINE = 11_800

const TASKS: TaskSeed[] = [
  {
    task: 'load-orders',
    schedule: 'every 15 minutes',
    description: 'Loads the orders of the shop into the warehouse',
    tags: ['warehouse', 'team-a'],
    owner: 'data@example.com',
    payload: { source: 'shop', max: 6000 },
    definition: {
      retry: { attempts: 3, delay: 30, backoff: 2, maxDelay: 3600 },
      failOn: ['ERROR', 'quota exceeded'],
    },
  },
  {
    task: 'nightly-report',
    schedule: 'cron(30 2 * * ? *)',
    timezone: 'Australia/Sydney',
    description: 'Writes the report that everybody reads at nine',
    tags: ['reports'],
    definition: { overlap: 'queue', timeout: 900, functionTimeout: 900 },
  },
  { task: 'sync-contacts', schedule: 'every 30 seconds', tags: ['crm'], definition: { overlap: 'skip' } },
  { task: 'clean-up', schedule: 'cron(0 6 ? * MON-FRI *)', timezone: 'Europe/Berlin', tags: ['ops'] },
  {
    task: 'export-invoices',
    schedule: 'rate(1 hour)',
    tags: ['finance'],
    description: 'Sends invoices to the bank',
  },
  { task: 'train-model', schedule: 'every 6 hours', tags: ['ml'], definition: { concurrency: 2 } },
  { task: 'ping-partners', schedule: 'every 5 minutes' },
  { task: 'old-import', schedule: 'every 1 days', enabled: false, tags: ['team-a'] },
  { task: 'brand-new', schedule: 'cron(0 0 1 1 ? 2099)', description: 'Has not run yet' },
]

export type Scene = {
  failed: RunRecord
  running: RunRecord
  queued: RunRecord
  skipped: RunRecord
  succeeded: RunRecord
}

export async function setScene(seed: Seed, now = Date.now()): Promise<Scene> {
  await seed.tasks(TASKS)
  const floor = (step: number, back = 0) => Math.floor(now / step) * step - back * step
  const records: RunRecord[] = []
  const add = (record: RunRecord) => {
    records.push(record)
    return record
  }
  const took = (at: number, ms: number) => ({
    startedAt: new Date(at + 900).toISOString(),
    finishedAt: new Date(at + 900 + ms).toISOString(),
  })

  const orders = floor(15 * MINUTE)
  const failed = add(
    seed.record('load-orders', orders, {
      status: 'FAILED',
      reason: 'log-rule',
      ...took(orders, 205_000 % (now - orders - 1000 || 1)),
      verdict: {
        rule: 'ERROR',
        line: FAILING_LINE,
        text: 'ERROR\tcannot load order 5120: <script>alert(1)</script>',
      },
      error: `line ${FAILING_LINE} matched failOn ERROR: ERROR\tcannot load order 5120: <script>alert(1)</script>`,
      payload: { source: 'shop', max: 6000 },
      attempt: 2,
    }),
  )
  const firstStream = seed.stream('load-orders', failed.run, 1)
  const [second] = failed.attempts ?? []
  failed.attempts = [
    {
      attempt: 1,
      logStream: firstStream,
      startedAt: failed.startedAt ?? '',
      finishedAt: failed.startedAt ?? '',
      outcome: 'error',
    },
    ...(second ? [second] : []),
  ]
  for (let back = 1; back < 90; back++) {
    const at = orders - back * 15 * MINUTE
    const bad = back === 7 || back === 23
    add(
      seed.record('load-orders', at, {
        ...(bad
          ? { status: 'TIMED_OUT', reason: 'timed-out', error: 'the function ran for 60 s and was ended' }
          : {}),
        ...took(at, bad ? 60_000 : 8000 + ((back * 7919) % 9000)),
      }),
    )
  }

  const night = now - ((now - 15.5 * HOUR) % (24 * HOUR))
  for (let back = 0; back < 20; back++) {
    const at = night - back * 24 * HOUR
    add(seed.record('nightly-report', at, took(at, 420_000 + back * 9000)))
  }

  const sync = floor(30_000)
  const running = add(
    seed.record('sync-contacts', sync - 90_000, {
      status: 'RUNNING',
      startedAt: new Date(sync - 89_000).toISOString(),
    }),
  )
  const skipped = add(
    seed.record('sync-contacts', sync - 60_000, {
      status: 'SKIPPED',
      reason: 'overlap',
      blockedBy: running.run,
      finishedAt: new Date(sync - 60_000).toISOString(),
    }),
  )
  add(
    seed.record('sync-contacts', sync - 30_000, {
      status: 'SKIPPED',
      reason: 'overlap',
      blockedBy: running.run,
      finishedAt: new Date(sync - 30_000).toISOString(),
    }),
  )
  for (let back = 4; back < 40; back++) {
    const at = sync - back * 30_000
    add(seed.record('sync-contacts', at, took(at, 4000 + ((back * 31) % 7) * 1000)))
  }
  await seed.lock('sync-contacts', { slots: { [running.run]: now + 10 * MINUTE } })

  for (let back = 1; back < 12; back++) {
    const at = floor(24 * HOUR) + 5 * HOUR - back * 24 * HOUR
    add(seed.record('clean-up', at, took(at, 31_000)))
  }
  await seed.lock('clean-up', { paused: { reason: 'the archive is being moved', until: now + 52 * HOUR } })

  for (let back = 0; back < 30; back++) {
    const at = floor(HOUR, back)
    add(
      back === 0
        ? seed.record('export-invoices', at, { status: 'CANCELLED', cancel: 'kim', ...took(at, 12_000) })
        : seed.record('export-invoices', at, took(at, 20_000)),
    )
  }

  const train = floor(6 * HOUR)
  const trainRun = add(
    seed.record('train-model', train, { status: 'RUNNING', startedAt: new Date(train + 1000).toISOString() }),
  )
  const retrying = add(
    seed.record('train-model', train - 6 * HOUR, {
      status: 'RETRYING',
      reason: 'error',
      error: 'Error: the instance was taken away',
      retryAt: now + 20 * MINUTE,
    }),
  )
  const queued = add(
    seed.record('train-model', now - 2 * MINUTE - 123, {
      status: 'QUEUED',
      trigger: 'manual',
      triggeredBy: 'kim',
      queuedAt: new Date(now - 2 * MINUTE).toISOString(),
      blockedBy: trainRun.run,
    }),
  )
  await seed.lock('train-model', {
    slots: { [trainRun.run]: now + HOUR, [retrying.run]: now + 2 * HOUR },
    waiting: new Set([queued.run]),
  })

  let succeeded = failed
  for (let back = 0; back < 60; back++) {
    const at = floor(5 * MINUTE, back)
    succeeded = add(seed.record('ping-partners', at, took(at, 900 + ((back * 13) % 5) * 300)))
  }
  const newest = records.find(({ task }) => task === 'ping-partners') ?? succeeded
  await seed.records(records)

  await seed.log({ ...failed, logStream: firstStream }, [
    'connecting to shop',
    'ERROR\tError: connect ECONNREFUSED',
  ])
  await seed.log(failed, longLog(), { step: 10 })
  await seed.log(newest, [
    'INFO\tpartner A is there',
    'INFO\tpartner B is there',
    'WARN\tpartner C was slow: 2.3 s',
  ])
  await seed.log(running, ['INFO\tfirst page of contacts', 'INFO\tsecond page of contacts'], { ended: false })
  return { failed, running, queued, skipped, succeeded: newest }
}

/** As many lines as a chatty function writes, with what a page must not stumble over among them. */
function longLog(): string[] {
  return Array.from({ length: LONG_LOG }, (_, index) => {
    const line = index + 1
    if (line === FAILING_LINE) return 'ERROR\tcannot load order 5120: <script>alert(1)</script>'
    if (line === 3)
      return '<script>document.title = "owned"</script><img src=x onerror="document.title=\'owned\'">'
    if (line === 5)
      return 'INFO\t\u001b[32mgreen\u001b[0m \u001b[1;31mbold red\u001b[0m \u001b]0;title\u0007\u001b[2Jplain'
    if (line === 7) return '{"level":"warn","message":"slow query","ms":812,"table":"orders"}'
    if (line === FAILING_LINE + 1)
      return 'ERROR\tError: order 5120 has no customer\n    at load (orders.js:42:11)\n    at async handler (orders.js:12:3)'
    if (line % 997 === 0) return `WARN\torder ${line} took ${line % 400} ms`
    if (line % 10 === 0) return `DEBUG\tcache ${line % 100} %`
    return `INFO\torder ${line} loaded: customer ${(line * 7919) % 10_000}, ${line % 17} items`
  })
}

/** So many tasks that a page could get slow: each with `runs` runs. */
export async function addMany(seed: Seed, tasks: number, runs: number, now = Date.now()): Promise<void> {
  const names = Array.from({ length: tasks }, (_, index) => `job-${String(index + 1).padStart(3, '0')}`)
  await seed.tasks(
    names.map((task, index) => ({ task, schedule: 'every 1 hours', tags: [`team-${index % 7}`] })),
  )
  const last = Math.floor(now / HOUR) * HOUR
  const records = names.flatMap((task, index) =>
    Array.from({ length: runs }, (_, back) => {
      const at = last - back * HOUR
      const bad = (index * 31 + back * 17) % 61 === 0
      return seed.record(task, at, bad ? { status: 'FAILED', reason: 'error', error: 'Error: nope' } : {})
    }),
  )
  await seed.records(records)
}
