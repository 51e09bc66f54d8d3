import type { Clients } from '../aws/clients'
import { readLocks } from '../aws/locks'
import { random } from '../aws/random'
import { readRuns, UNFINISHED } from '../aws/runs'
import type { ServiceNames } from '../core/names'
import { repairTask } from '../core/protocol/repair'
import { perform } from '../ports/perform'

/**
 * Puts back what a lost queue took with it, for every task that has a lock. Returns how many runs had not ended.
 * Reads all run records of the service once.
 */
export async function repairService(
  names: ServiceNames,
  clients: Clients,
  now: () => number = Date.now,
): Promise<number> {
  const ports = await clients.ports(names)
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  let count = 0
  for (const task of locks.keys()) {
    const unfinished = await readRuns(clients.dynamoDb, names.runsTable, task, { statuses: UNFINISHED })
    count += unfinished.length
    const context = { now, random, by: `repair-${random()}`, prefix: names.prefix }
    await perform(repairTask(context, task, unfinished), ports)
  }
  return count
}
