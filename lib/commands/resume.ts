import { readLocks } from '../aws/locks'
import { resumeTask } from '../core/protocol/pause'
import { perform } from '../ports/perform'
import { contextOf } from './context'
import { EXIT } from './errors'
import { selectTasks } from './input/selection'
import type { Options } from './options'
import type { Session } from './session'

/** `tasks resume`: what waited goes on at once; the ticks that were skipped stay so. */
export async function run(session: Session, options: Options<'resume'>): Promise<number> {
  const { clients, names, io } = session
  const tasks = await selectTasks(session, options)
  const ports = await clients.ports(names)
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  const context = contextOf('resume', session)
  const resumed: string[] = []
  for (const { task, definition } of tasks) {
    if (!locks.get(task)?.paused) {
      io.say(`${task} was not paused`)
      continue
    }
    await perform(resumeTask(context, task, definition), ports)
    resumed.push(task)
    io.say(`${task} is resumed`)
  }
  if (options.json) session.json(resumed.map((task) => ({ task, paused: null })))
  return EXIT.ok
}
