import {
  GetFunctionConfigurationCommand,
  ResourceNotFoundException as NoFunction,
} from '@aws-sdk/client-lambda'
import { GetScheduleCommand, ResourceNotFoundException as NoSchedule } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs'
import { isWatched } from '../../core/alerts/policy'
import { counted } from '../../core/counted'
import { WATCH_SCHEDULE } from '../../core/names'
import { type Finding, putBack, type Service } from './finding'

/** Whether what tells of troubles is itself in order, where any task asks for it. */
export async function checkAlerts(service: Service): Promise<Finding[]> {
  const policies = service.tasks.flatMap(({ enabled, definition: { alerts } }) =>
    alerts ? [{ watched: enabled && isWatched(alerts) }] : [],
  )
  if (policies.length === 0) return []
  const watched = policies.some((one) => one.watched)
  const found = [alerter(service), undelivered(service), ...(watched ? [watcher(service)] : [])]
  return (await Promise.all(found)).flat()
}

async function alerter({ session: { clients, names } }: Service): Promise<Finding[]> {
  try {
    await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: names.alerter }))
    return []
  } catch (error) {
    if (!(error instanceof NoFunction)) throw error
    return [
      {
        kind: 'problem',
        code: 'alerter-missing',
        what: `${names.alerter} does not exist: nobody is told of runs that fail`,
        advice: putBack(names),
      },
    ]
  }
}

async function watcher({ session: { clients, names } }: Service): Promise<Finding[]> {
  const problem = (what: string): Finding[] => [
    {
      kind: 'problem',
      code: 'watcher-missing',
      what: `the schedule ${WATCH_SCHEDULE} ${what}: nobody is told of late, missed and stuck runs`,
      advice: putBack(names),
    },
  ]
  try {
    const { State } = await clients.scheduler.send(
      new GetScheduleCommand({ GroupName: names.scheduleGroup, Name: WATCH_SCHEDULE }),
    )
    return State === 'DISABLED' ? problem('is disabled') : []
  } catch (error) {
    if (error instanceof NoSchedule) return problem('does not exist')
    throw error
  }
}

async function undelivered({ session: { clients, names } }: Service): Promise<Finding[]> {
  try {
    const QueueUrl = await clients.queueUrl(names.alertsDeadLetterQueue)
    const AttributeNames = ['ApproximateNumberOfMessages' as const]
    const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
    const letters = Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0)
    if (letters === 0) return []
    return [
      {
        kind: 'problem',
        code: 'alerts-undelivered',
        what: `${counted(letters, 'message')} in ${names.alertsDeadLetterQueue}: alerts that could not be sent in three tries, or looks of the watcher that failed`,
        advice: `its log says why: sls logs -f slipstreamAlerter. What is owed goes out with the task's next alert; then: aws sqs purge-queue --queue-url ${QueueUrl}`,
      },
    ]
  } catch (error) {
    // That the queue is gone keeps no alert from being sent.
    if (error instanceof QueueDoesNotExist) return []
    throw error
  }
}
