import { pauseTask } from '../core/protocol/pause'
import { perform } from '../ports/perform'
import { EXIT, usageError } from './errors'
import { selectTasks } from './input/selection'
import { parseComing } from './input/time'
import type { Options } from './options'
import { pauseJson, pauseText } from './output/pause'
import type { Session } from './session'

/** Every write of the lock pays for its size. */
export const LONGEST_REASON = 200

/** `tasks pause`: kept in the lock, so it survives a deploy. */
export async function run(session: Session, options: Options<'pause'>): Promise<number> {
  const { clients, names, io } = session
  if ((options.reason ?? '').length > LONGEST_REASON)
    throw usageError(`--reason must have at most ${LONGEST_REASON} characters`)
  const tasks = await selectTasks(session, options)
  const ports = await clients.ports(names)
  const now = session.now()
  const paused = tasks.map(({ task, timezone }) => ({
    task,
    pause: {
      ...(options.reason ? { reason: options.reason } : {}),
      ...(options.until ? { until: parseComing('until', options.until, { now, timezone }) } : {}),
    },
  }))
  for (const { task, pause } of paused) {
    await perform(pauseTask(task, pause), ports)
    io.say(`${task} is ${pauseText(pause)}`)
  }
  if (options.json) session.json(paused.map(({ task, pause }) => ({ task, paused: pauseJson(pause) })))
  io.say(
    'Ticks are SKIPPED meanwhile; what runs goes on, and what waits or is to be tried again stays as it is.',
  )
  if (!options.until) io.say(`It ends with ${session.hint(`resume ${selectionOf(options)}`)}`)
  return EXIT.ok
}

function selectionOf({ task, tag }: Options<'pause'>): string {
  if (task) return `-f ${task}`
  return tag ? `--tag ${tag}` : '--all'
}
