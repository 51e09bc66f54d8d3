import { readRun, readRuns } from '../../aws/runs'
import type { RunRecord } from '../../core/protocol/record'
import { CommandError, usageError } from '../errors'
import type { Session } from '../session'

/** The key of a run however it was written: milliseconds may be left out. Undefined for what is no time. */
export function runKeyOf(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)$/i.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** Whether a run that has no record may still be on its way: the key of a run by hand says when it was asked for. */
export function mayBeOnItsWay(run: string, now: number): boolean {
  return !run.endsWith('.000Z') && Math.abs(now - Date.parse(run)) < 60_000
}

/**
 * The run that `--run` names: its key, `last` (the newest that was not skipped) or `last-failed`.
 *
 * @throws {CommandError}
 */
export async function findRun(session: Session, name: string | undefined, which: string): Promise<RunRecord> {
  const { clients, names } = session
  if (!name) throw usageError(`--task is missing: name a task, as in ${session.hint('list')}`)
  const found = await lookUp(session, name, which)
  if (found) return found
  // A task that is no longer deployed still has runs; one that never was is a mistake.
  const [any] = await readRuns(clients.dynamoDb, names.runsTable, name, { limit: 1 })
  if (any === undefined) await session.task(name)
  const what = { last: 'no run yet', 'last-failed': 'no failed run' }[which] ?? `no run ${which}`
  throw new CommandError(`${name} has ${what}: see ${session.hint(`runs -f ${name}`)}`, 'NO_SUCH_RUN')
}

async function lookUp(
  { clients, names }: Session,
  task: string,
  which: string,
): Promise<RunRecord | undefined> {
  const { dynamoDb } = clients
  if (which === 'last') {
    const runs = await readRuns(dynamoDb, names.runsTable, task, { limit: 50 })
    return runs.find(({ status }) => status !== 'SKIPPED') ?? runs[0]
  }
  if (which === 'last-failed') {
    const [failed] = await readRuns(dynamoDb, names.runsTable, task, {
      statuses: ['FAILED', 'TIMED_OUT'],
      limit: 1,
    })
    return failed
  }
  const key = runKeyOf(which)
  if (key === undefined)
    throw usageError(
      `--run must be the key of a run, as in 2027-01-31T18:00:00.000Z, "last" or "last-failed", got "${which}"`,
    )
  return readRun(dynamoDb, names.runsTable, task, key)
}
