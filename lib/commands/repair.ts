import type { Clients } from '../aws/clients'
import { readLocks } from '../aws/locks'
import { readRuns, UNFINISHED } from '../aws/runs'
import type { ServiceNames } from '../core/names'
import { repairTask } from '../core/protocol/repair'
import { perform } from '../ports/perform'
import { contextOf } from './context'

/**
 * Puts back what a lost queue took with it, for every task that is deployed or has a lock: one that was removed has runs
 * to end, and one that never ran may have a backfill's, written down before there was a lock. Returns how many runs had
 * not ended. Reads all run records of the service once.
 */
export async function repairService(
  names: ServiceNames,
  clients: Clients,
  deployed: readonly { task: string }[],
  now: () => number = Date.now,
): Promise<number> {
  const ports = await clients.ports(names)
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  const tasks = new Set([...locks.keys(), ...deployed.map(({ task }) => task)])
  let count = 0
  for (const task of tasks) {
    const unfinished = await readRuns(clients.dynamoDb, names.runsTable, task, { statuses: UNFINISHED })
    count += unfinished.length
    await perform(repairTask(contextOf('repair', { now, names }), task, unfinished), ports)
  }
  return count
}
