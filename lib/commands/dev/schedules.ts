import type { SchedulerClient } from '@aws-sdk/client-scheduler'
import { anchorOf, type DeployedTask, readTasks, scheduleOf } from '../../aws/tasks'
import type { TickMessage } from '../../core/message'
import type { Outgoing } from '../../core/protocol/effect'
import { unfold } from '../../core/protocol/unfold'
import { nextTicks } from '../../core/schedule'
import type { Queue } from '../../ports/ports'

const MINUTE = 60_000

/** The tasks whose schedules are enabled, as deployed. */
export async function enabledTasks(client: SchedulerClient, group: string): Promise<DeployedTask[]> {
  return (await readTasks(client, group)).filter(({ enabled }) => enabled)
}

/**
 * A schedule that fires once a minute sends the ticks of the minute after. So that its first need not wait for that, the
 * ticks that are still to come in this minute and the next, which nobody was there to send, are sent now.
 */
export async function sendComingTicks(queue: Queue, tasks: DeployedTask[], now: number): Promise<void> {
  const minute = Math.floor(now / MINUTE) * MINUTE
  for (const { task, everySeconds, definition, payload } of tasks) {
    if (everySeconds === undefined) continue
    const message: TickMessage = { kind: 'tick', task, scheduledAt: '', definition, payload }
    const ticks = [minute - MINUTE, minute].flatMap((before) => unfold(message, everySeconds, before, now))
    await queue.send(ticks.filter((tick) => isToCome(tick, now)))
  }
}

function isToCome({ message }: Outgoing, now: number): boolean {
  return message.kind === 'tick' && Date.parse(message.scheduledAt) >= now
}

/** One line a task: its next ticks in local time. */
export function tickLines(tasks: DeployedTask[], now: number): string[] {
  const width = Math.max(...tasks.map(({ task }) => task.length))
  return tasks.map((deployed) => {
    const { task } = deployed
    const ticks = nextTicks(scheduleOf(deployed), now, 3, anchorOf(deployed)).map((tick) =>
      localTime(tick, now),
    )
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
