import {
  InvokeCommand,
  LambdaClient,
  type LambdaClientConfig,
  LambdaServiceException,
} from '@aws-sdk/client-lambda'
import type { Definition } from '../core/definition'
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
  private readonly clients = new Map<string, LambdaClient>()

  constructor(
    private readonly config: LambdaClientConfig = {},
    private readonly answerWithin = ANSWER_WITHIN,
  ) {}

  async invoke({ definition, payload }: Invocation): Promise<InvokeResult> {
    try {
      await this.clientFor(definition).send(
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
    for (const client of this.clients.values()) client.destroy()
  }

  /**
   * Of the invocations of a wrapped target one runs, so the SDK may try again. All others are tried once: whether a second
   * one may be sent is the protocol's to decide. They get a connection of their own, since one that was kept may have
   * been closed while our environment was frozen, which is found out by an invocation of which nobody knows.
   */
  private clientFor({ target, foreign = false }: Definition): LambdaClient {
    const once = target !== 'wrapped'
    const key = `${once} ${foreign}`
    const known = this.clients.get(key)
    if (known) return known
    const agent = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY }
    const client = new LambdaClient({
      ...this.config,
      ...(once ? { maxAttempts: 1, requestHandler: { httpAgent: agent, httpsAgent: agent } } : {}),
    })
    // Loop detection would count our chain of messages against a function that is not ours to exempt from it.
    if (foreign) client.middlewareStack.remove('recursionDetectionMiddleware')
    this.clients.set(key, client)
    return client
  }
}
