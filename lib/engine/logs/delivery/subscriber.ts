import { gzipSync } from 'node:zlib'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ACCOUNT, DUMMY_CREDENTIALS, type ServiceContext } from '../../api'
import type { Batch } from './batch'

/** What became of an invocation: taken, worth another try, the destination out of reach, or refused for good. */
export type Outcome = { kind: 'taken' } | { kind: 'retry' | 'unreachable' | 'refused'; error: Error }

/** Invokes subscribed functions as CloudWatch Logs does (User Guide, "Log group-level subscription filters"). */
export class Subscriber {
  private readonly lambda: LambdaClient
  private readonly closing = new AbortController()

  constructor({ endpoint, inside: requestHandler, region }: ServiceContext) {
    // One try a call: the pauses between tries are the engine's clock's.
    const config = { endpoint, requestHandler, region, credentials: DUMMY_CREDENTIALS, maxAttempts: 1 }
    this.lambda = new LambdaClient(config)
  }

  deliver({ header, events }: Batch): Promise<Outcome> {
    return this.invoke(header.destinationArn, {
      messageType: 'DATA_MESSAGE',
      owner: ACCOUNT,
      logGroup: header.logGroup,
      logStream: header.logStream,
      subscriptionFilters: [header.filterName],
      logEvents: events,
    })
  }

  /** Asks whether the function can be reached, with a message that it must ignore. */
  probe(functionArn: string, now: number): Promise<Outcome> {
    return this.invoke(functionArn, {
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      subscriptionFilters: [],
      logEvents: [
        {
          id: '',
          timestamp: now,
          message: 'CWL CONTROL MESSAGE: Checking health of destination Lambda function.',
        },
      ],
    })
  }

  close(): void {
    this.closing.abort()
    this.lambda.destroy()
  }

  private async invoke(functionArn: string, message: object): Promise<Outcome> {
    const data = gzipSync(JSON.stringify(message)).toString('base64')
    const command = new InvokeCommand({
      FunctionName: functionArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
    })
    try {
      await this.lambda.send(command, { abortSignal: this.closing.signal })
      return { kind: 'taken' }
    } catch (error) {
      return outcomeOf(error as Error & { $metadata?: { httpStatusCode?: number } })
    }
  }
}

function outcomeOf(error: Error & { $metadata?: { httpStatusCode?: number } }): Outcome {
  const status = error.$metadata?.httpStatusCode
  if (status === undefined || status === 429 || status >= 500) return { kind: 'retry', error }
  if (status === 403 || status === 404) return { kind: 'unreachable', error }
  return { kind: 'refused', error }
}
