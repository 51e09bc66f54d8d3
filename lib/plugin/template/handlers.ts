import { functionKeys, ids } from '../naming'
import type { AwsProvider, CloudFormationResource } from '../serverless'
import { queueArn } from './arn'

/**
 * Feeds the queue to the dispatcher. Not as an `sqs` event of the framework, which would let the role of all the user's
 * functions read the queue. No batching window, with which a lone message waits up to 20 s, and no MaximumConcurrency,
 * which keeps five pollers at work on an idle queue (AWS Lambda Developer Guide, with-sqs, services-sqs-scaling).
 */
export function dispatcherQueue(naming: AwsProvider['naming']): Record<string, CloudFormationResource> {
  return {
    [ids.dispatcherQueue]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: queueArn,
        FunctionName: { 'Fn::GetAtt': [naming.getLambdaLogicalId(functionKeys.dispatcher), 'Arn'] },
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  }
}
