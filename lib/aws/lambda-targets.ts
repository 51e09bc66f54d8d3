import {
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
  LambdaServiceException,
} from '@aws-sdk/client-lambda'
import type { Invocation, InvokeResult } from '../core/protocol/effect'
import type { Targets } from '../ports/ports'

/**
 * The answers that say "not now" and surely did not accept (API reference, Invoke, Errors): too much at once, or a
 * function that is just being made or changed.
 */
const NOT_NOW = [
  'TooManyRequestsException',
  'ThrottlingException',
  'ResourceConflictException',
  'SnapStartNotReadyException',
]
/** Answers of 4xx that do not say that it never will. */
const REQUEST_TIMEOUT = 408

/**
 * Milliseconds. An asynchronous invocation is accepted in a few; one call that hangs must not take the dispatcher's
 * whole batch with it. By AbortSignal, which goes by real time where the engine's clock is moved.
 */
const ANSWER_WITHIN = 5000

export class LambdaTargets implements Targets {
  private readonly own: LambdaClient
  private readonly foreign: LambdaClient

  /** An invoke is never tried again by the SDK: whether a second one may be sent is the protocol's to decide. */
  constructor(
    config: LambdaClientConfig = {},
    private readonly answerWithin = ANSWER_WITHIN,
  ) {
    this.own = new LambdaClient({ ...config, maxAttempts: 1 })
    this.foreign = new LambdaClient({ ...config, maxAttempts: 1 })
    // Loop detection would count our chain of messages against a function that is not ours to exempt from it.
    this.foreign.middlewareStack.remove('recursionDetectionMiddleware')
  }

  async invoke({ definition, payload }: Invocation): Promise<InvokeResult> {
    const client = definition.foreign ? this.foreign : this.own
    try {
      await client.send(
        new InvokeCommand({
          FunctionName: definition.function,
          Qualifier: definition.qualifier,
          InvocationType: 'Event',
          Payload: JSON.stringify(payload),
        }),
        { abortSignal: AbortSignal.timeout(this.answerWithin) },
      )
      return { outcome: 'accepted' }
    } catch (error) {
      if (!(error instanceof LambdaServiceException)) return { outcome: 'unknown' }
      if (NOT_NOW.includes(error.name)) return { outcome: 'throttled' }
      const status = error.$metadata.httpStatusCode ?? 500
      return status >= 400 && status < 500 && status !== REQUEST_TIMEOUT
        ? { outcome: 'refused', error: `${error.name}: ${error.message}` }
        : { outcome: 'unknown' }
    }
  }

  close(): void {
    this.own.destroy()
    this.foreign.destroy()
  }
}
