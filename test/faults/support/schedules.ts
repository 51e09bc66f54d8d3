import {
  GetScheduleCommand,
  type SchedulerClient,
  type ScheduleState,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler'
import { TASKS } from './tasks'

/** Turns the schedules of all tasks on or off, as a person does in the console. */
export async function setSchedules(
  scheduler: SchedulerClient,
  GroupName: string,
  State: ScheduleState,
): Promise<void> {
  for (const Name of Object.keys(TASKS)) {
    const at = { Name, GroupName }
    // An update replaces everything.
    const { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, Target } =
      await scheduler.send(new GetScheduleCommand(at))
    const kept = { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, Target }
    await scheduler.send(new UpdateScheduleCommand({ ...at, ...kept, State }))
  }
}
