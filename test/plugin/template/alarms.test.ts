import { resolveConfig } from '../../../lib/plugin/config/resolve'
import { alarms } from '../../../lib/plugin/template/alarms'
import { facts, SCHEDULE } from '../support/facts'

const of = (slipstream?: object) =>
  alarms(resolveConfig(facts({ load: { function: 'load', schedule: SCHEDULE } }, { slipstream })))

test('dead letters, dropped ticks and failing handlers raise an alarm at the first', () => {
  const found = Object.values(of()).map(({ Properties }) => Properties)
  expect(
    found.map(({ AlarmName, Namespace, MetricName, Dimensions }) => [
      AlarmName,
      Namespace,
      MetricName,
      Dimensions,
    ]),
  ).toEqual([
    [
      'shop-dev-tasks-dlq',
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      [{ Name: 'QueueName', Value: 'shop-dev-tasks-dlq' }],
    ],
    [
      'shop-dev-schedules-dropped',
      'AWS/Scheduler',
      'InvocationDroppedCount',
      [{ Name: 'ScheduleGroup', Value: 'shop-dev' }],
    ],
    [
      'shop-dev-slipstreamDispatcher-errors',
      'AWS/Lambda',
      'Errors',
      [{ Name: 'FunctionName', Value: 'shop-dev-slipstreamDispatcher' }],
    ],
    [
      'shop-dev-slipstreamChecker-errors',
      'AWS/Lambda',
      'Errors',
      [{ Name: 'FunctionName', Value: 'shop-dev-slipstreamChecker' }],
    ],
  ])
  for (const alarm of found)
    expect(alarm).toMatchObject({
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    })
})

test('they tell whom the service names, when one fires and when it is over', () => {
  const actions = ['arn:aws:sns:us-east-1:111111111111:team', { Ref: 'Topic' }]
  for (const { Properties } of Object.values(of({ alarms: { actions } })))
    expect(Properties).toMatchObject({ AlarmActions: actions, OKActions: actions })
  for (const { Properties } of Object.values(of({ alarms: true })))
    expect(Properties).not.toHaveProperty('AlarmActions')
})

test('a service can do without them', () => {
  expect(of({ alarms: false })).toEqual({})
})
