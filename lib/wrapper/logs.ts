import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'

/** A stream of one attempt. */
export type StreamAt = { group: string; stream: string }
/** `timestamp` in epoch ms. */
export type LogEvent = { timestamp: number; message: string }

/** All that the wrapper asks of CloudWatch Logs. One try a call: who calls knows how long trying again makes sense. */
export interface LogsPort {
  createStream(at: StreamAt): Promise<void>
  putEvents(at: StreamAt, events: LogEvent[]): Promise<void>
  /** Epoch ms; undefined where the stream does not exist. */
  createdAt(at: StreamAt): Promise<number | undefined>
}

const QUIET = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

function makeClient(): CloudWatchLogsClient {
  // The SDK's advice on the Node.js version, given once as its first client is made, is not for who reads a function's log
  const before = process.env[QUIET]
  process.env[QUIET] = 'true'
  try {
    return new CloudWatchLogsClient({
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
    })
  } finally {
    if (before === undefined) delete process.env[QUIET]
    else process.env[QUIET] = before
  }
}

/**
 * The port on AWS. The client is made at the first call, so that a function that is only called without our payload
 * does not pay for it, and stays for the environment's later invocations with its connection.
 */
export function awsLogs(): LogsPort {
  let made: CloudWatchLogsClient | undefined
  const client = () => {
    made ??= makeClient()
    return made
  }
  return {
    async createStream({ group, stream }) {
      await client().send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }))
    },
    async putEvents({ group, stream }, logEvents) {
      await client().send(new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, logEvents }))
    },
    async createdAt({ group, stream }) {
      const found = await client().send(
        new DescribeLogStreamsCommand({ logGroupName: group, logStreamNamePrefix: stream, limit: 1 }),
      )
      const first = found.logStreams?.[0]
      return first?.logStreamName === stream ? first.creationTime : undefined
    },
  }
}

type AwsError = { name?: string; $metadata?: { httpStatusCode?: number } }

export function isNamed(error: unknown, name: string): boolean {
  return (error as AwsError | undefined)?.name === name
}

/** Refused before anything was done, because of the rate (CloudWatch Logs API reference, common errors). */
export function isThrottled(error: unknown): boolean {
  return (
    isNamed(error, 'ThrottlingException') ||
    isNamed(error, 'RequestLimitExceeded') ||
    (error as AwsError | undefined)?.$metadata?.httpStatusCode === 429
  )
}

/** No answer (no status: the connection failed or timed out) or a 5xx: the call may or may not have been carried out. */
export function isInDoubt(error: unknown): boolean {
  const status = (error as AwsError | undefined)?.$metadata?.httpStatusCode
  return status === undefined || status >= 500
}
