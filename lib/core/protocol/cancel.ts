/** A body cannot be stopped: a run that has one keeps its slot until that is over, and is CANCELLED then. */
import { all, type Context, eq, type Step, type Write, write } from './effect'
import { fence } from './fence'
import { isEnded, type RunRecord, readRecord } from './record'
import { cancelledFrom } from './record-writes'
import { releaseSlot } from './release'
import { settleCancelled } from './settle'

export type CancelOutcome = 'cancelled' | 'when-it-ends' | 'ended-already' | 'no-such-run'

export function* cancelRun(
  ctx: Context,
  task: string,
  run: string,
  triggeredBy: string,
): Step<CancelOutcome> {
  for (;;) {
    const record = yield* readRecord(task, run)
    if (record === undefined) return 'no-such-run'
    if (isEnded(record)) {
      // Whoever cancelled and died before the release comes again.
      yield* releaseSlot(ctx, record, record.definition)
      return 'ended-already'
    }
    if (record.status === 'RUNNING') {
      const outcome = yield* cancelRunning(ctx, record, triggeredBy)
      if (outcome) return outcome
      continue
    }
    const result = yield* write(cancelledFrom(record, ctx.now(), triggeredBy))
    if (result.done) {
      yield* releaseSlot(ctx, record, record.definition)
      return 'cancelled'
    }
  }
}

/** Undefined: the record moved meanwhile. */
function* cancelRunning(
  ctx: Context,
  record: RunRecord,
  triggeredBy: string,
): Step<CancelOutcome | undefined> {
  const { task, run, attempt = 1, logGroup, logStream = '', definition } = record
  const asked = yield* write(askToCancel(record, triggeredBy))
  if (!asked.done) return undefined
  if (definition.target !== 'wrapped') return 'when-it-ends'
  // Whoever takes the stream first owns the attempt: if we do, no body can start any more.
  if (!(yield* fence({ logGroup, logStream }, 'cancelled')).fenced) return 'when-it-ends'
  yield* settleCancelled(ctx, { task, run, attempt }, definition)
  return 'cancelled'
}

function askToCancel({ task, run, attempt }: RunRecord, triggeredBy: string): Write {
  return {
    table: 'runs',
    key: { task, run },
    set: [[['cancel'], triggeredBy]],
    when: all(eq(['status'], 'RUNNING'), eq(['attempt'], attempt)),
  }
}
