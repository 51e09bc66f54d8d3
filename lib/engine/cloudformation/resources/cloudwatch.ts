import { accepted, recorded } from './recorded'
import { strings, tagList } from './shape'
import { mutable, replaces } from './type'

/** The engine has no metrics, so an alarm never fires: it stays what the stack says of it. */
const alarm = recorded({
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    AlarmName: replaces('string'),
    ...accepted(
      [
        'AlarmDescription',
        'ComparisonOperator',
        'EvaluateLowSampleCountPercentile',
        'ExtendedStatistic',
        'MetricName',
        'Namespace',
        'Statistic',
        'ThresholdMetricId',
        'TreatMissingData',
        'Unit',
      ],
      mutable('string'),
    ),
    ...accepted(['DatapointsToAlarm', 'EvaluationPeriods', 'Period'], mutable('integer')),
    ...accepted(['AlarmActions', 'InsufficientDataActions', 'OKActions'], mutable(strings)),
    ActionsEnabled: mutable('boolean'),
    Threshold: mutable('number'),
    Dimensions: mutable({
      list: { fields: { Name: 'string', Value: 'string' }, required: ['Name', 'Value'] },
    }),
    Metrics: mutable('json'),
    Tags: mutable(tagList),
  },
  required: ['ComparisonOperator', 'EvaluationPeriods'],
  attributes: ['Arn'],
  name: { property: 'AlarmName', limit: 255 },
  created: (_, { name, region, account }) => ({
    physicalId: name,
    attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` },
  }),
})

export const cloudWatchTypes = [alarm]
