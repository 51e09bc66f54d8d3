import { InvokeCommand } from '@aws-sdk/client-lambda'
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import type { ServiceContext } from '../../api'
import type { Clients } from '../clients'
import { functionArn } from '../function-ref'
import type { Resolved } from '../store'
import { enterFunction } from '../trace'
import type { AsyncEvent } from './event'
import type { Condition } from './policy'

const string = (StringValue: string) => ({ DataType: 'String', StringValue }) as const

/** Sends what became of an asynchronous event to its destination and dead-letter queue. */
export class Deliveries {
  constructor(
    private readonly context: ServiceContext,
    private readonly clients: Clients,
  ) {}

  /** What cannot be delivered is lost and said, as on AWS a metric says it. */
  async deliver(event: AsyncEvent, condition: Condition, resolved: Resolved): Promise<void> {
    const { OnSuccess, OnFailure } = resolved.fn.eventInvoke[resolved.qualifier]?.DestinationConfig ?? {}
    const destination = (condition === 'Success' ? OnSuccess : OnFailure)?.Destination
    // What is told of an event is a further one in its chain.
    const { header } = enterFunction(event.traceId, resolved.fn.name)
    if (destination) {
      const record = this.record(event, condition, resolved)
      await this.guarded(destination, this.send(destination, record, header))
    }
    // The dead-letter queue is the function's: all versions use that of $LATEST.
    const deadLetters = resolved.fn.latest.config.DeadLetterArn
    if (deadLetters && condition !== 'Success')
      await this.guarded(deadLetters, this.sendDead(deadLetters, event, header))
  }

  /** Developer Guide, invocation-async-retain-records. */
  private record(event: AsyncEvent, condition: Condition, { fn, qualifier }: Resolved): string {
    const { last } = event
    const ran = last !== undefined && condition !== 'ZeroReservedConcurrency'
    return JSON.stringify({
      version: '1.0',
      timestamp: new Date(this.context.clock.now()).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: functionArn(this.context.region, fn.name, qualifier),
        condition,
        approximateInvokeCount: condition === 'Success' ? event.failures + 1 : event.failures,
      },
      requestPayload: JSON.parse(event.payload),
      ...(ran
        ? {
            responseContext: {
              statusCode: 200,
              executedVersion: last.executedVersion,
              ...(last.functionError === undefined ? {} : { functionError: last.functionError }),
            },
            responsePayload: JSON.parse(last.payload),
          }
        : {}),
    })
  }

  private async send(arn: string, body: string, traceHeader: string): Promise<void> {
    if (arn.split(':')[2] === 'lambda') {
      const invoke = new InvokeCommand({
        FunctionName: arn,
        InvocationType: 'Event',
        Payload: Buffer.from(body),
      })
      invoke.middlewareStack.add(
        (next) => (args) => {
          const { headers } = args.request as { headers: Record<string, string> }
          headers['X-Amzn-Trace-Id'] = traceHeader
          return next(args)
        },
        { step: 'build' },
      )
      await this.clients.lambda.send(invoke)
      return
    }
    await this.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: await this.queueUrl(arn),
        MessageBody: body,
        MessageSystemAttributes: { AWSTraceHeader: string(traceHeader) },
      }),
    )
  }

  private async sendDead(arn: string, event: AsyncEvent, traceHeader: string): Promise<void> {
    const { errorMessage } = (event.last ? JSON.parse(event.last.payload) : {}) as { errorMessage?: string }
    await this.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: await this.queueUrl(arn),
        MessageBody: event.payload,
        MessageAttributes: {
          RequestID: string(event.requestId),
          ErrorCode: { DataType: 'Number', StringValue: event.last ? '200' : '429' },
          ErrorMessage: string((errorMessage || 'Rate Exceeded.').slice(0, 1024)),
        },
        MessageSystemAttributes: { AWSTraceHeader: string(traceHeader) },
      }),
    )
  }

  private async queueUrl(arn: string): Promise<string> {
    const { QueueUrl } = await this.clients.sqs.send(
      new GetQueueUrlCommand({ QueueName: String(arn.split(':')[5]) }),
    )
    return String(QueueUrl)
  }

  private async guarded(arn: string, delivery: Promise<void>): Promise<void> {
    try {
      await delivery
    } catch (error) {
      this.context.warn(`a record could not be delivered to ${arn}: ${(error as Error).message}`)
    }
  }
}
