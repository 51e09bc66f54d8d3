import { readRun } from '../aws/runs'
import { type CancelOutcome, cancelRun } from '../core/protocol/cancel'
import { runJson } from '../core/run-json'
import { perform } from '../ports/perform'
import { contextOf } from './context'
import { CommandError, EXIT, usageError } from './errors'
import { findRun } from './input/run'
import type { Options } from './options'
import { userName } from './send-run'
import type { Session } from './session'

/** `tasks cancel` */
export async function run(session: Session, options: Options<'cancel'>): Promise<number> {
  const { clients, names, io } = session
  if (!options.run)
    throw usageError(
      `--run is missing: a key of ${session.hint(`runs -f ${options.task ?? 'NAME'}`)}, or "last"`,
    )
  const { task, run } = await findRun(session, options.task, options.run)
  const step = cancelRun(contextOf('cancel', session), task, run, userName())
  const outcome = await perform(step, await clients.ports(names))
  const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
  if (outcome === 'no-such-run' || (outcome === 'ended-already' && record?.status !== 'CANCELLED'))
    throw new CommandError(
      `${task} ${run} ended before it could be cancelled: ${record?.status ?? 'it is gone'}`,
      'ENDED',
    )
  if (options.json && record) session.json(runJson(record))
  io.say(`${task} ${run}: ${WORDS[outcome]}`)
  return EXIT.ok
}

const WORDS: Record<CancelOutcome, string> = {
  cancelled: 'cancelled',
  'when-it-ends':
    'its body is running and cannot be stopped; it is CANCELLED when that ends, and is not tried again',
  'ended-already': 'was cancelled already',
  'no-such-run': 'is gone',
}
