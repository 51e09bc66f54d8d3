import { readLocks } from '../aws/locks'
import { counted } from '../core/counted'
import { checkAlerts } from './check/alerts'
import type { Finding, Service } from './check/finding'
import { checkFunctions } from './check/functions'
import { checkLogs } from './check/logs'
import { checkQueues } from './check/queues'
import { checkRuns } from './check/runs'
import { checkTasks } from './check/tasks'
import { EXIT } from './errors'
import type { Options } from './options'
import { paint } from './output/colour'
import { repairService } from './repair'
import type { Session } from './session'

const RED = 31
const YELLOW = 33

/** `tasks check`: what is wrong in a deployed service, and what to do. Exit code 1 where something is. */
export async function run(session: Session, options: Options<'check'>): Promise<number> {
  if (options.live) {
    // Loaded where it is asked for: it brings the SDK of CloudFormation.
    const { checkLive } = require('./check/live') as typeof import('./check/live')
    return checkLive(session, options)
  }
  const { clients, names, io } = session
  const tasks = await session.tasks()
  if (tasks.length === 0) throw session.noTasks()
  if (options.repair) {
    const unfinished = await repairService(names, clients, tasks, session.now)
    io.say(
      `Sent again what moves ${counted(unfinished, 'unfinished run')} on; it takes effect within a minute.`,
    )
  }
  const service: Service = {
    session,
    tasks,
    locks: await readLocks(clients.dynamoDb, names.locksTable),
    now: session.now(),
  }
  const found = await Promise.all(
    [checkQueues, checkLogs, checkFunctions, checkRuns, checkTasks, checkAlerts].map((check) =>
      check(service),
    ),
  )
  const findings = found.flat()
  const problems = findings.filter(({ kind }) => kind === 'problem')
  if (options.json) session.json(findings)
  else
    for (const finding of [...problems, ...findings.filter(({ kind }) => kind === 'note')])
      print(session, finding)
  io.say(
    problems.length === 0
      ? `No problem found in ${counted(tasks.length, 'task')}.`
      : `${counted(problems.length, 'problem')} in ${names.prefix}`,
  )
  return problems.length === 0 ? EXIT.ok : EXIT.error
}

function print({ io }: Session, { kind, task, what, advice }: Finding): void {
  const word = paint(kind, kind === 'problem' ? RED : YELLOW, io.colour)
  io.out(`${word}: ${task === undefined ? '' : `${task}: `}${what}`)
  if (advice) io.out(`  do: ${advice}`)
}
