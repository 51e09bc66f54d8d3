import { schedulerExpression } from '../../core/schedule'
import type { ServiceConfig, Task } from '../config/resolve'
import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'
import { deadLetterQueueArn, queueArn } from './arn'
import { allow, schedulerRole } from './roles'
import { scheduleInput } from './schedule-input'

/** The schedule group with a schedule a task, and the role that lets Scheduler write to the queue. */
export function schedules({ names, tasks }: ServiceConfig): Record<string, CloudFormationResource> {
  return {
    [ids.scheduleGroup]: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: names.scheduleGroup } },
    [ids.schedulerRole]: schedulerRole(names, [allow(['sqs:SendMessage'], [queueArn, deadLetterQueueArn])]),
    ...Object.fromEntries(tasks.map((task) => [ids.schedule(task.name), schedule(task)])),
  }
}

function schedule(task: Task): CloudFormationResource {
  const { expression, timezone } = schedulerExpression(task.schedule)
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: task.name,
      GroupName: { Ref: ids.scheduleGroup },
      ...(task.description === undefined ? {} : { Description: task.description }),
      State: task.enabled ? 'ENABLED' : 'DISABLED',
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timezone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: queueArn,
        RoleArn: { 'Fn::GetAtt': [ids.schedulerRole, 'Arn'] },
        Input: scheduleInput(task),
        // No tick may be lost, so Scheduler keeps trying as long as it can. Whether a late one still runs is for
        // startWithin to say. These are also its defaults, written down so that nobody has to wonder.
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: deadLetterQueueArn },
      },
    },
  }
}
