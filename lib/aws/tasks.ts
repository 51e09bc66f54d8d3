import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler'
import type { Definition } from '../core/definition'
import { TickMessage } from '../core/message'
import { parseSchedule, type Schedule } from '../core/schedule'
import { inParallel } from './in-parallel'

/** A task as it is deployed: its schedule is the store of its definition. */
export type DeployedTask = {
  task: string
  enabled: boolean
  description?: string
  tags: string[]
  owner?: string
  /** As it was written: `every N seconds` where Scheduler fires once a minute for it. */
  schedule: string
  timezone: string
  everySeconds?: number
  /** ISO 8601; a `rate(…)` counts from here. */
  changedAt?: string
  definition: Definition
  payload?: Record<string, unknown>
}

/** GetSchedule is allowed 1,000 times a second (EventBridge Scheduler quotas); sockets are the limit here. */
const AT_ONCE = 16

/** All tasks of a service, by name. None where the group does not exist: a service without tasks has none. */
export async function readTasks(client: SchedulerClient, group: string): Promise<DeployedTask[]> {
  const names: string[] = []
  try {
    for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: group }))
      names.push(...Schedules.map(({ Name = '' }) => Name))
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
  }
  const tasks = await inParallel(names.sort(), AT_ONCE, (name) => readTask(client, group, name))
  return tasks.filter((task) => task !== undefined)
}

/** Undefined where there is no such schedule, or it is none of ours. */
export async function readTask(
  client: SchedulerClient,
  group: string,
  name: string,
): Promise<DeployedTask | undefined> {
  try {
    return taskOf(await client.send(new GetScheduleCommand({ GroupName: group, Name: name })))
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

function taskOf(found: GetScheduleCommandOutput): DeployedTask | undefined {
  const message = TickMessage.safeParse(jsonOf(found.Target?.Input)).data
  if (message === undefined) return undefined
  const { everySeconds, definition, payload, tags = [], owner } = message
  const changed = found.LastModificationDate ?? found.CreationDate
  return {
    task: message.task,
    enabled: found.State !== 'DISABLED',
    ...(found.Description ? { description: found.Description } : {}),
    tags,
    ...(owner === undefined ? {} : { owner }),
    schedule: everySeconds === undefined ? (found.ScheduleExpression ?? '') : `every ${everySeconds} seconds`,
    timezone: found.ScheduleExpressionTimezone ?? 'UTC',
    ...(everySeconds === undefined ? {} : { everySeconds }),
    ...(changed === undefined ? {} : { changedAt: changed.toISOString() }),
    definition,
    ...(payload === undefined ? {} : { payload }),
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

export function scheduleOf({ schedule, timezone }: Pick<DeployedTask, 'schedule' | 'timezone'>): Schedule {
  return parseSchedule(schedule, timezone)
}

/** What the ticks of a `rate(…)` are counted from (`nextTick`), in epoch ms, whole seconds; the others need none. */
export function anchorOf({ changedAt }: DeployedTask): number | undefined {
  return changedAt === undefined ? undefined : Math.floor(Date.parse(changedAt) / 1000) * 1000
}
