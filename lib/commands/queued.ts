import { readLockOf } from '../aws/locks'
import type { Session } from './session'

/** Whom a queued run waits for, as things are now; nobody any more where it was handed the slot and is about to start. */
export async function queuedBehind(
  { clients, names }: Session,
  { task, run }: { task: string; run: string },
): Promise<string> {
  const { slots } = await readLockOf(clients.dynamoDb, names.locksTable, task)
  if (run in slots) return 'about to start'
  const holders = Object.keys(slots).sort()
  return holders.length === 0 ? 'queued' : `queued behind ${holders.join(', ')}`
}
