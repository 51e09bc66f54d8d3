import {
  GetScheduleCommand,
  type SchedulerClient,
  type ScheduleState,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler'

/** Turns the schedules of tasks on or off, as a person does in the console. */
export async function setSchedules(
  scheduler: SchedulerClient,
  GroupName: string,
  tasks: readonly string[],
  State: ScheduleState,
): Promise<void> {
  for (const Name of tasks) {
    const at = { Name, GroupName }
    // An update replaces everything.
    const { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, Target } =
      await scheduler.send(new GetScheduleCommand(at))
    const kept = { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, Target }
    await scheduler.send(new UpdateScheduleCommand({ ...at, ...kept, State }))
  }
}
