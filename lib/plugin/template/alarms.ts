import { hasAlerts, type ServiceConfig } from '../config/resolve'
import { handlersOf } from '../handlers'
import { ids } from '../naming'
import type { CloudFormation, CloudFormationResource } from '../serverless'

type Metric = { Namespace: string; MetricName: string; Statistic: 'Maximum' | 'Sum' }

const DEAD_LETTERS: Metric = {
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Statistic: 'Maximum',
}

/**
 * What keeps runs from happening, or from being told of, without a run's record to show it. Alerts of runs themselves
 * are another thing. Each is one alarm metric: 0.10 USD a month beyond the ten that CloudWatch gives away an account.
 */
export function alarms(config: ServiceConfig): Record<string, CloudFormationResource> {
  const { names, settings } = config
  const { alarms: wanted = true } = settings
  if (wanted === false) return {}
  const actions = typeof wanted === 'object' ? wanted.actions : undefined
  const make = (name: string, about: string, metric: Metric, dimension: [string, string]) =>
    alarm({ name, about: `${names.prefix}: ${about}`, metric, dimension, actions })
  return {
    [ids.deadLetterAlarm]: make(
      names.deadLetterQueue,
      `messages that could not be handled are in ${names.deadLetterQueue}`,
      DEAD_LETTERS,
      ['QueueName', names.deadLetterQueue],
    ),
    ...(hasAlerts(config)
      ? {
          [ids.alertsDeadLetterAlarm]: make(
            names.alertsDeadLetterQueue,
            `alerts that could not be sent are in ${names.alertsDeadLetterQueue}`,
            DEAD_LETTERS,
            ['QueueName', names.alertsDeadLetterQueue],
          ),
        }
      : {}),
    // A schedule's dropped tick goes to the dead-letter queue as well, unless Scheduler cannot write there either.
    [ids.droppedAlarm]: make(
      `${names.prefix}-schedules-dropped`,
      'EventBridge Scheduler gave up delivering ticks to the queue',
      { Namespace: 'AWS/Scheduler', MetricName: 'InvocationDroppedCount', Statistic: 'Sum' },
      ['ScheduleGroup', names.scheduleGroup],
    ),
    ...Object.fromEntries(
      handlersOf(config).map((handler) => [
        ids.handlerAlarm(handler),
        make(
          `${names[handler]}-errors`,
          `the ${handler} fails`,
          { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum' },
          ['FunctionName', names[handler]],
        ),
      ]),
    ),
  }
}

function alarm(of: {
  name: string
  about: string
  metric: Metric
  dimension: [string, string]
  actions: CloudFormation[] | undefined
}): CloudFormationResource {
  const [Name, Value] = of.dimension
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: of.name,
      AlarmDescription: of.about,
      ...of.metric,
      Dimensions: [{ Name, Value }],
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      // What is idle sends no metrics.
      TreatMissingData: 'notBreaching',
      ...(of.actions === undefined ? {} : { AlarmActions: of.actions, OKActions: of.actions }),
    },
  }
}
