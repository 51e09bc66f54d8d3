import type { Message } from '@aws-sdk/client-sqs'

/** The event of a batch, as Lambda makes it of SQS messages (Developer Guide, with-sqs). */
export function eventOf(messages: Message[], queueArn: string): string {
  const awsRegion = queueArn.split(':')[3]
  return JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          {
            ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
            ...(value.BinaryValue === undefined
              ? {}
              : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
            stringListValues: [],
            binaryListValues: [],
            dataType: value.DataType,
          },
        ]),
      ),
      ...(message.MD5OfMessageAttributes === undefined
        ? {}
        : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion,
    })),
  })
}

/**
 * The ids of the messages that a function reports as failed with ReportBatchItemFailures (Developer Guide,
 * services-sqs-errorhandling); `all` where its answer makes the whole batch a failure.
 */
export function failuresOf(payload: string, messages: Message[]): Set<string> | 'all' {
  let response: unknown
  try {
    response = JSON.parse(payload)
  } catch {
    return 'all'
  }
  if (response === null) return new Set()
  if (typeof response !== 'object' || Array.isArray(response)) return 'all'
  const items = (response as { batchItemFailures?: unknown }).batchItemFailures ?? []
  if (!Array.isArray(items)) return 'all'
  const known = new Set(messages.map(({ MessageId }) => MessageId))
  const ids = items.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier)
  return ids.every((id): id is string => typeof id === 'string' && known.has(id)) ? new Set(ids) : 'all'
}
