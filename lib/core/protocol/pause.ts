/** A pause lives in the lock, so it survives a deploy: ticks are SKIPPED, what waits or retries stays until resume. */
import type { Definition } from '../definition'
import { type Context, type Step, send, write } from './effect'
import { firstPause, lockOf, type Pause, pause, policyOf, unpause } from './lock'
import { readRecord } from './record'
import { fill, wake } from './release'
import { sendRetry } from './settle'

/** `until` (epoch ms): when the pause ends by itself, at the first tick after. */
export function* pauseTask(task: string, how: Pause): Step<void> {
  let done = false
  while (!done) done = (yield* write(pause(task, how))).done || (yield* write(firstPause(task, how))).done
}

/** Ends a pause, hands the free slots to those that wait, and takes up the retries that stood still meanwhile. */
export function* resumeTask(ctx: Context, task: string, definition: Definition): Step<void> {
  const result = yield* write(unpause(task))
  const lock = lockOf(result.item)
  if (lock.waiting.length > 0) yield* fill(ctx, task, lock, policyOf({ definition }, ctx.now()))
  for (const run of Object.keys(lock.slots)) {
    const record = yield* readRecord(task, run)
    if (record?.status === 'QUEUED') yield* send(wake(task, run))
    if (record?.status === 'RETRYING') {
      const now = ctx.now()
      yield* sendRetry({ task, run, attempt: record.attempt ?? 1 }, record.retryAt ?? now, now)
    }
  }
}
