/** What the page can do, by the same functions as the commands of those names. */
import * as z from 'zod/mini'
import { readLocks } from '../aws/locks'
import { readRun } from '../aws/runs'
import { type DeployedTask, scheduleOf } from '../aws/tasks'
import { contextOf } from '../commands/context'
import { CommandError, usageError } from '../commands/errors'
import { countTicks } from '../commands/input/ticks'
import { parseBound, parseComing } from '../commands/input/time'
import { pauseOf, pauseText } from '../commands/output/pause'
import { LONGEST_REASON } from '../commands/pause'
import { rerunMessage } from '../commands/rerun'
import { refusePaused, requestOf, sendMessage, userName } from '../commands/send-run'
import type { Session } from '../commands/session'
import { counted } from '../core/counted'
import { RUN_KEY, TASK_NAME } from '../core/names'
import { cancelRun } from '../core/protocol/cancel'
import { pauseTask, resumeTask } from '../core/protocol/pause'
import type { RunRecord } from '../core/protocol/record'
import { backfillOf, manualRun } from '../core/requests'
import { perform } from '../ports/perform'
import type { ActionAnswer, ActionName, ActionRequest } from './api'

const MOST_TASKS = 1000

const task = z.string().check(z.regex(TASK_NAME))
const tasks = z.array(task).check(z.minLength(1), z.maxLength(MOST_TASKS))
const run = z.string().check(z.regex(RUN_KEY))
const text = (most: number) => z.optional(z.string().check(z.maxLength(most)))
const timezone = text(100)
const flag = z.optional(z.boolean())

const REQUESTS = {
  run: z.object({ tasks, payload: z.optional(z.record(z.string(), z.unknown())) }),
  rerun: z.object({ task, run }),
  cancel: z.object({ task, run }),
  pause: z.object({ tasks, reason: text(LONGEST_REASON), until: text(100), timezone }),
  resume: z.object({ tasks }),
  backfill: z.object({ task, from: z.string(), to: z.string(), timezone, rerun: flag, dryRun: flag }),
} satisfies { [Name in ActionName]: z.ZodMiniType<ActionRequest[Name]> }

export const isAction = (name: string): name is ActionName => Object.hasOwn(REQUESTS, name)

/** @throws {CommandError} with a sentence for the user */
export async function act(session: Session, name: ActionName, body: unknown): Promise<ActionAnswer> {
  switch (name) {
    case 'run':
      return runNow(session, parse('run', body))
    case 'rerun':
      return rerun(session, parse('rerun', body))
    case 'cancel':
      return cancel(session, parse('cancel', body))
    case 'pause':
      return pause(session, parse('pause', body))
    case 'resume':
      return resume(session, parse('resume', body))
    case 'backfill':
      return backfill(session, parse('backfill', body))
    default:
      return name satisfies never
  }
}

function parse<Name extends ActionName>(name: Name, body: unknown): ActionRequest[Name] {
  const parsed = REQUESTS[name].safeParse(body)
  if (parsed.success) return parsed.data as ActionRequest[Name]
  const [issue] = parsed.error.issues
  throw usageError(`${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}

/** Of several tasks those that are paused are left out; of one that is refused. */
async function runNow(session: Session, request: ActionRequest['run']): Promise<ActionAnswer> {
  const { clients, names, now } = session
  const found = await eachTask(session, request.tasks)
  const locks = await readLocks(clients.dynamoDb, names.locksTable)
  const [only] = found
  if (found.length === 1 && only) {
    await refusePaused(session, only.task)
    const { run } = await sendRun(session, only, request.payload)
    return { said: `A run of ${only.task} was asked for.`, run }
  }
  const awake = found.filter(({ task }) => !pauseOf(locks.get(task), now()))
  for (const task of awake) await sendRun(session, task, request.payload)
  const asleep = found.length - awake.length
  const left = asleep === 0 ? '' : ` ${counted(asleep, 'paused task')} ${was(asleep)} left out.`
  return { said: `${counted(awake.length, 'run')} ${was(awake.length)} asked for.${left}` }
}

const was = (count: number) => (count === 1 ? 'was' : 'were')

async function sendRun(session: Session, task: DeployedTask, payload: Record<string, unknown> | undefined) {
  const message = manualRun({ ...task, payload: payload ?? task.payload ?? {} }, requestOf(session))
  await sendMessage(session, message)
  return message
}

async function rerun(session: Session, { task, run }: ActionRequest['rerun']): Promise<ActionAnswer> {
  const old = await findRun(session, task, run)
  const message = await rerunMessage(session, old)
  await refusePaused(session, task)
  await sendMessage(session, message)
  return { said: `${task} runs again for the tick ${old.scheduledAt}.`, run: message.run }
}

async function cancel(session: Session, { task, run }: ActionRequest['cancel']): Promise<ActionAnswer> {
  const { clients, names } = session
  const step = cancelRun(contextOf('cancel', session), task, run, userName())
  const outcome = await perform(step, await clients.ports(names))
  switch (outcome) {
    case 'cancelled':
      return { said: `${task} ${run} is cancelled.` }
    case 'when-it-ends':
      return {
        said: 'Its body is running and cannot be stopped; it is CANCELLED when that ends, and is not tried again.',
      }
    case 'ended-already': {
      const { status } = await findRun(session, task, run)
      throw new CommandError(`${task} ${run} ended before it could be cancelled: ${status}`, 'ENDED')
    }
    case 'no-such-run':
      throw new CommandError(`${task} has no run ${run}`, 'NO_SUCH_RUN')
    default:
      return outcome satisfies never
  }
}

async function pause(session: Session, request: ActionRequest['pause']): Promise<ActionAnswer> {
  const { clients, names } = session
  const { reason, until, timezone = 'UTC' } = request
  const how = {
    ...(reason ? { reason } : {}),
    ...(until ? { until: parseComing('until', until, { now: session.now(), timezone }) } : {}),
  }
  await eachTask(session, request.tasks)
  const ports = await clients.ports(names)
  for (const name of request.tasks) await perform(pauseTask(name, how), ports)
  return { said: `${nameOf(request.tasks)} ${pauseText(how)}.` }
}

async function resume(session: Session, request: ActionRequest['resume']): Promise<ActionAnswer> {
  const { clients, names } = session
  const found = await eachTask(session, request.tasks)
  const [ports, locks] = await Promise.all([
    clients.ports(names),
    readLocks(clients.dynamoDb, names.locksTable),
  ])
  const context = contextOf('resume', session)
  for (const { task, definition } of found)
    if (locks.get(task)?.paused) await perform(resumeTask(context, task, definition), ports)
  return { said: `${nameOf(request.tasks)} resumed.` }
}

async function backfill(session: Session, request: ActionRequest['backfill']): Promise<ActionAnswer> {
  const task = await session.task(request.task)
  const schedule = scheduleOf(task)
  if (schedule.kind === 'at')
    throw usageError(`${task.task} runs once, at ${schedule.text}: there is nothing to fill in`)
  const { timezone = task.timezone, rerun = false } = request
  const reading = { now: session.now(), timezone }
  const from = parseBound('from', request.from, reading, 'from')
  const to = Math.min(parseBound('to', request.to, reading, 'to'), reading.now)
  if (from > to) throw usageError('the first day is later than the last, or yet to come')
  const { count, first, last } = countTicks(schedule, from, to)
  const ticks = { count, first: stamp(first), last: stamp(last) }
  if (request.dryRun) return { said: counted(count, 'tick'), ticks }
  if (count === 0) throw usageError(`${task.task} has no tick in that time`)
  await refusePaused(session, task.task)
  await sendMessage(
    session,
    backfillOf(
      task,
      { schedule: task.schedule, timezone: task.timezone, from, to, rerun },
      requestOf(session),
    ),
  )
  const said =
    count === 1
      ? `The one tick of ${task.task} is filled in.`
      : `${count} ticks of ${task.task} are filled in, in their order.`
  return { said, ticks }
}

const stamp = (tick: number | undefined) => (tick === undefined ? null : new Date(tick).toISOString())

/** @throws {CommandError} before anything is done, where one of them is not deployed */
async function eachTask(session: Session, names: readonly string[]): Promise<DeployedTask[]> {
  if (names.length === 1) return [await session.task(names[0])]
  const deployed = new Map((await session.tasks()).map((task) => [task.task, task]))
  return names.map((name) => {
    const task = deployed.get(name)
    if (!task) throw new CommandError(`${session.names.prefix} has no task ${name}`, 'NO_SUCH_TASK')
    return task
  })
}

async function findRun({ clients, names }: Session, task: string, run: string): Promise<RunRecord> {
  const record = await readRun(clients.dynamoDb, names.runsTable, task, run)
  if (!record) throw new CommandError(`${task} has no run ${run}`, 'NO_SUCH_RUN')
  return record
}

const nameOf = (tasks: readonly string[]) =>
  tasks.length === 1 ? `${tasks[0]} is` : `${tasks.length} tasks are`
