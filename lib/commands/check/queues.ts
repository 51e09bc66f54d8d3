import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { counted } from '../../core/counted'
import { readMessage } from '../../core/message'
import { type Finding, putBack, type Service } from './finding'

/** The queue, what empties it, and the dead letters. */
export async function checkQueues({ session }: Service): Promise<Finding[]> {
  const { clients, names } = session
  const findings: Finding[] = []
  const { EventSourceMappings = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: names.dispatcher }),
  )
  const mapping = EventSourceMappings.find(({ EventSourceArn }) =>
    EventSourceArn?.endsWith(`:${names.queue}`),
  )
  const { messages: waiting } = await lookAt(session, names.queue)
  const inTheQueue = waiting === 0 ? '' : `; ${counted(waiting, 'message')} in the queue`
  if (mapping === undefined)
    findings.push({
      kind: 'problem',
      code: 'dispatcher-not-connected',
      what: `nothing takes messages from ${names.queue}, so no run starts${inTheQueue}`,
      advice: putBack(names),
    })
  else if (!/^(Enabled|Enabling|Creating|Updating)$/.test(mapping.State ?? ''))
    findings.push({
      kind: 'problem',
      code: 'dispatcher-not-connected',
      what: `the dispatcher's event source mapping is ${mapping.State}, so no run starts${inTheQueue}`,
      advice: `aws lambda update-event-source-mapping --enabled --uuid ${mapping.UUID}`,
    })
  return [...findings, ...(await checkDeadLetters(session))]
}

async function lookAt({ clients }: Service['session'], queue: string) {
  const QueueUrl = await clients.queueUrl(queue)
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  const { QueueArn, ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes
  // Also those that somebody looks at this moment.
  const messages = Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)
  return { QueueUrl, QueueArn, messages }
}

async function checkDeadLetters(session: Service['session']): Promise<Finding[]> {
  const { clients, names } = session
  const { QueueUrl, QueueArn, messages: letters } = await lookAt(session, names.deadLetterQueue)
  if (letters === 0) return []
  // Looked at, not taken: it is visible again at once.
  const { Messages: [letter] = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageAttributeNames: ['All'] }),
  )
  const { ERROR_CODE, ERROR_MESSAGE } = letter?.MessageAttributes ?? {}
  const undelivered = ERROR_CODE?.StringValue
  const why = undelivered
    ? `EventBridge Scheduler could not deliver it: ${undelivered} ${ERROR_MESSAGE?.StringValue ?? ''}`.trim()
    : `the dispatcher failed on it; its log says why: sls logs -f slipstreamDispatcher`
  // Named, because SQS knows the queue of what it gave up itself, and not of what Scheduler put there.
  const destination = QueueArn?.replace(names.deadLetterQueue, names.queue)
  return [
    {
      kind: 'problem',
      code: 'dead-letters',
      what: `${counted(letters, 'message')} in ${names.deadLetterQueue}. ${about(letter?.Body)}: ${why}`,
      advice:
        'mend the cause, then send them again (it is safe: a tick is one run however often it comes): ' +
        `aws sqs start-message-move-task --source-arn ${QueueArn} --destination-arn ${destination}`,
    },
  ]
}

function about(body: string | undefined): string {
  try {
    const message = readMessage(body ?? '')
    return `One is a ${message.kind} of ${message.task}`
  } catch {
    return 'One is no message of Slipstream'
  }
}
