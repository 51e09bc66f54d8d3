/**
 * The one place for AWS's prices and the units they are counted in: US dollars, us-east-1, arm64, first tier, without the
 * free tier and tax. From the pages named, as they stood on the date below; look there before you quote one.
 */
export const PRICES_OF = '2026-11-24'

export const PRICES = {
  /** https://aws.amazon.com/eventbridge/pricing/ (Scheduler). */
  schedulerInvocation: 1.0 / 1e6,
  /** https://aws.amazon.com/sqs/pricing/ (standard queues); a request is up to 64 KB. */
  sqsRequest: 0.4 / 1e6,
  /** https://aws.amazon.com/lambda/pricing/ */
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamoDbWriteUnit: 0.625 / 1e6,
  dynamoDbReadUnit: 0.125 / 1e6,
  /** https://aws.amazon.com/cloudwatch/pricing/: logs of the standard class, and a standard-resolution alarm. */
  logsGb: 0.5,
  alarmMonth: 0.1,
} as const

/** Bytes of one billed SQS request (SQS pricing: each 64 KB chunk of a payload is one). */
export const SQS_CHUNK = 64 * 1024
/** Bytes of a DynamoDB write unit and of a read unit (Developer Guide, capacity units). */
export const WRITE_UNIT = 1024
export const READ_UNIT = 4096
/** What an event counts beside its UTF-8 (CloudWatch Logs API reference, PutLogEvents). */
export const PUT_LOG_EVENTS_OVERHEAD = 26
export const GB = 1024 ** 3
/** Days of the month in "a month". */
export const MONTH_DAYS = 30
