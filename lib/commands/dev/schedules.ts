import type { SchedulerClient } from '@aws-sdk/client-scheduler'
import { readTasks, scheduleOf } from '../../aws/tasks'
import type { Schedule } from '../../core/schedule'
import { nextTicks } from '../../core/schedule'
import type { SchedulerService } from '../../engine/scheduler'

const MINUTE = 60_000

export type TaskSchedule = { task: string; schedule: Schedule; everySeconds: number | undefined }

/** The tasks whose schedules are enabled, as deployed. */
export async function deployedTasks(client: SchedulerClient, group: string): Promise<TaskSchedule[]> {
  const tasks = await readTasks(client, group)
  return tasks
    .filter(({ enabled }) => enabled)
    .map((task) => ({ task: task.task, schedule: scheduleOf(task), everySeconds: task.everySeconds }))
}

/**
 * A schedule that fires once a minute sends the ticks of the minute after. So that its first need not wait for that, the
 * messages of the minute before and of this one, which nobody was there to send, are sent now; ticks that come twice are
 * one run.
 */
export async function sendMissedMinutes(
  scheduler: SchedulerService,
  group: string,
  tasks: TaskSchedule[],
  now: number,
): Promise<void> {
  const minute = Math.floor(now / MINUTE) * MINUTE
  for (const { task, everySeconds } of tasks) {
    if (everySeconds === undefined) continue
    await scheduler.fireNow(group, task, minute - MINUTE)
    await scheduler.fireNow(group, task, minute)
  }
}

/** One line a task: its next ticks in local time. */
export function tickLines(tasks: TaskSchedule[], now: number): string[] {
  const width = Math.max(...tasks.map(({ task }) => task.length))
  return tasks.map(({ task, schedule }) => {
    const ticks = nextTicks(schedule, now, 3).map((tick) => localTime(tick, now))
    return `  ${task.padEnd(width)}  ${ticks.length === 0 ? 'no more ticks' : ticks.join(', ')}`
  })
}

/** The time of day, with the date before it on another day than `now`'s. */
export function localTime(at: number, now: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  if (date.toDateString() === new Date(now).toDateString()) return time
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`
}
