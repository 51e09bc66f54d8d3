import type { ServiceNames } from '../../core/names'
import { QUEUE_VISIBILITY, SECOND } from '../../core/timing'
import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'
import { deadLetterQueueArn } from './arn'

const DAY_IN_SECONDS = 86_400
/** Throttling alone raises the count, so a message must survive a busy spell (docs/protocol.md). */
const MAX_RECEIVES = 10

/** The queue and its dead letters, encrypted with keys of SQS's own, which cost nothing. */
export function queues(names: ServiceNames): Record<string, CloudFormationResource> {
  return {
    [ids.queue]: {
      Type: 'AWS::SQS::Queue',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        QueueName: names.queue,
        VisibilityTimeout: QUEUE_VISIBILITY / SECOND,
        // The age of a dead letter counts from its first sending, so its queue must keep it longer than this one.
        MessageRetentionPeriod: 4 * DAY_IN_SECONDS,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount: MAX_RECEIVES },
      },
    },
    [ids.deadLetterQueue]: deadLetterQueue(names.deadLetterQueue),
  }
}

export function deadLetterQueue(name: string): CloudFormationResource {
  return {
    Type: 'AWS::SQS::Queue',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      QueueName: name,
      MessageRetentionPeriod: 14 * DAY_IN_SECONDS,
      SqsManagedSseEnabled: true,
    },
  }
}
