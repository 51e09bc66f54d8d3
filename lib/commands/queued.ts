import { readLockOf } from '../aws/locks'
import type { Session } from './session'

/** Whom a queued run waits for, as things are now. */
export async function queuedBehind({ clients, names }: Session, task: string): Promise<string> {
  const { slots } = await readLockOf(clients.dynamoDb, names.locksTable, task)
  const holders = Object.keys(slots).sort()
  return holders.length === 0 ? 'queued' : `queued behind ${holders.join(', ')}`
}
