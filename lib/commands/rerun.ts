import { readTask } from '../aws/tasks'
import type { RunMessage } from '../core/message'
import { isEnded, type RunRecord } from '../core/protocol/record'
import { rerunOf } from '../core/requests'
import { CommandError, usageError } from './errors'
import { findRun } from './input/run'
import type { Options } from './options'
import { requestOf, sendRun } from './send-run'
import type { Session } from './session'

/** `tasks rerun`: a new run for the tick of an old one, with its payload and the task's definition of today. */
export async function run(session: Session, options: Options<'rerun'>): Promise<number> {
  const { task, run } = options
  if (!run)
    throw usageError(
      `--run is missing: a key of ${session.hint(`runs -f ${task ?? 'NAME'}`)}, "last" or "last-failed"`,
    )
  const old = await findRun(session, task, run)
  const message = await rerunMessage(session, old)
  session.io.say(`for the tick ${old.scheduledAt}, as ${old.run} (${old.status})`)
  return sendRun(session, message, options)
}

/** @throws {CommandError} of a run that has not ended */
export async function rerunMessage(session: Session, old: RunRecord): Promise<RunMessage> {
  if (!isEnded(old))
    throw new CommandError(
      `${old.task} ${old.run} is ${old.status}: only a run that has ended is run again`,
      'NOT_ENDED',
    )
  const deployed = await readTask(session.clients.scheduler, session.names.scheduleGroup, old.task)
  return rerunOf(old, deployed?.definition ?? old.definition, requestOf(session))
}
