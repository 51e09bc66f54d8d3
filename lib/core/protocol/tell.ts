/** TELL: who asked for it hears of a run's end. What is sent to whom is decided in lib/core/alerts. */
import { isBad, stateOf } from '../alerts/state'
import { alert, type Item, type Step } from './effect'
import type { RunRecord } from './record'

type Ended = { task: string; run: string } & Partial<RunRecord>

/**
 * To be called before the slot of a run that has ended is given back: a record that has ended and still holds a slot
 * brings somebody back to it, so a crash between the two loses no alert.
 */
export function* tellFailure(ended: Ended): Step<void> {
  if (ended.status !== 'FAILED' && ended.status !== 'TIMED_OUT') return
  // A record that was written for a slot without one says nothing of its task (`neverDispatched`).
  const { definition } = ended
  if (definition === undefined || definition.alerts?.on.includes('failed')) yield* alert(ended)
}

/**
 * To be called with the lock as it is after the slot was given back: it says whether anything was wrong, at no cost. Where
 * its handler dies before it tells, the next run that succeeds finds the same.
 */
export function* tellRecovery(ended: Ended, lock: Item | undefined): Step<void> {
  if (ended.status === 'SUCCEEDED' && isBad(stateOf(lock))) yield* alert(ended)
}
