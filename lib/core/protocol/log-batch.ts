/** A batch of the subscription filter: lines of one stream that may change a verdict. */

import { RECORD_START } from '../log-record'
import { type Attempt, namesOf, parseStreamName } from '../names'
import { type Context, readStream, type Step, WHOLE } from './effect'
import { type Evidence, evidenceOfOperator, evidenceOfRecords } from './evidence'
import { type RunRecord, readRecord } from './record'
import { isSettled, mark, settle, settleFailed, settleSucceeded } from './settle'

export type LogBatch = { logGroup: string; logStream: string; lines: readonly string[] }

export function* onLogBatch(ctx: Context, batch: LogBatch): Step<void> {
  const { logGroup, logStream, lines } = batch
  const at = parseStreamName(logStream)
  if (at === undefined) return
  const own =
    at.ownGroupPrefix === undefined
      ? logGroup === namesOf(ctx.prefix).logGroup
      : at.ownGroupPrefix === ctx.prefix
  if (!own) return

  const evidence = evidenceOfRecords(lines)
  if (evidence.kind !== 'nothing') {
    const refused = yield* byRecords(ctx, at, logStream, evidence)
    // What looks like a record of the wrapper in the stream of a target without one is a line like any other.
    if (refused?.logStream !== logStream || refused.definition.target !== 'operator') return
  }
  if (lines.some((line) => !line.startsWith(RECORD_START))) yield* ofOperator(ctx, batch)
}

/** Returns the record that was not changed by it. */
function* byRecords(
  ctx: Context,
  at: Attempt,
  logStream: string,
  evidence: Exclude<Evidence, { kind: 'nothing' }>,
): Step<RunRecord | undefined> {
  if (evidence.kind === 'succeeded')
    return yield* settleSucceeded(ctx, at, { target: 'wrapped', logStream, requestId: evidence.requestId })
  if (evidence.kind === 'error-seen') return yield* mark(at, logStream, evidence.verdict)
  // The wrapper writes this while the body still lives, and then ends the process: Lambda's report says that it has, else
  // the deadline, and both read this record then.
  if (evidence.dying) return undefined
  const record = yield* readRecord(at.task, at.run)
  if (record?.logStream !== logStream || record.definition.target !== 'wrapped') return record
  if (yield* isSettled(ctx, record)) return undefined
  return yield* settleFailed(ctx, at, record.definition, evidence.failure)
}

/** Lines of a target without the wrapper. Which of them failed it, and where, is read from the whole stream. */
function* ofOperator(ctx: Context, { logGroup, logStream, lines }: LogBatch): Step<void> {
  const at = parseStreamName(logStream)
  if (at === undefined) return
  const record = yield* readRecord(at.task, at.run)
  if (record?.logStream !== logStream || record.definition.target !== 'operator') return
  const evidence = evidenceOfOperator(record.definition, lines)
  if (evidence.kind === 'nothing' || evidence.kind === 'error-seen') return
  const stored = (yield* readStream({ logGroup, logStream }, 'head', WHOLE)).map(({ message }) => message)
  const whole = evidenceOfOperator(record.definition, stored)
  // What was delivered was written: where the stream does not show it yet, or no more, the batch stands.
  const best = whole.kind === 'failed' || evidence.kind === 'succeeded' ? whole : evidence
  yield* settle(ctx, at, logStream, record.definition, best.kind === 'nothing' ? evidence : best)
}
