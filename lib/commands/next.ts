import { readLocks } from '../aws/locks'
import { anchorOf, type DeployedTask, scheduleOf } from '../aws/tasks'
import { comingTicks } from '../core/schedule/coming'
import { iso } from '../core/sentence'
import { EXIT } from './errors'
import { parseCount } from './input/time'
import { scheduleText } from './list'
import type { Options } from './options'
import { bold } from './output/colour'
import { pauseJson, pauseOf, pauseText } from './output/pause'
import { relative } from './output/time'
import type { Session } from './session'

const OF_ONE = 10
const OF_EACH = 3

/** `tasks next` */
export async function run(session: Session, options: Options<'next'>): Promise<number> {
  const { clients, names, io } = session
  const count =
    options.count === undefined ? (options.task ? OF_ONE : OF_EACH) : parseCount('count', options.count, 1000)
  const tasks = options.task ? [await session.task(options.task)] : await session.tasks()
  if (tasks.length === 0) throw session.noTasks()
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  const now = session.now()
  const coming = tasks.map((task) => ({
    task,
    paused: pauseOf(locks.get(task.task), now),
    ticks: task.enabled ? comingTicks(scheduleOf(task), now, count, anchorOf(task)) : [],
  }))
  if (options.json) {
    session.json(
      coming.map(({ task, paused, ticks }) => ({
        task: task.task,
        schedule: task.schedule,
        timezone: task.timezone,
        enabled: task.enabled,
        paused: paused ? pauseJson(paused) : null,
        ticks: ticks.map(({ at, local, notes }) => ({
          scheduledAt: new Date(at).toISOString(),
          local,
          notes,
        })),
      })),
    )
    return EXIT.ok
  }
  for (const [index, { task, paused, ticks }] of coming.entries()) {
    if (index > 0) io.out('')
    io.out(`${bold(task.task, io.colour)}  ${scheduleText(task)}`)
    if (paused) io.out(`  ${pauseText(paused)}: ticks until then are SKIPPED`)
    if (ticks.length === 0) io.out(task.enabled ? '  no more ticks' : '  not enabled: no ticks')
    for (const tick of ticks) {
      const local = tick.local.endsWith('Z') ? '' : `  ${tick.local}`
      io.out(`  ${iso(tick.at)}${local}  ${relative(tick.at, now)}`)
      for (const note of tick.notes) io.out(`    ${note}`)
    }
    if (isRate(task) && ticks.length > 0)
      io.say('  rate(…) counts from the deploy: the next one moves these ticks')
  }
  return EXIT.ok
}

const isRate = ({ schedule }: DeployedTask) => schedule.startsWith('rate')
