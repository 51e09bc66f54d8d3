/** An accepted event. Times in epoch ms. */
export type AsyncEvent = {
  requestId: string
  functionName: string
  qualifier?: string | undefined
  /** JSON. */
  payload: string
  traceId: string
  acceptedAt: number
  notBefore: number
  /** Invocations that ended with a function error. */
  failures: number
  /** Throttles since the last invocation. */
  throttles: number
  /** What the last invocation came to. */
  last?: { payload: string; functionError?: string; executedVersion: string }
}

export type NewEvent = Pick<AsyncEvent, 'requestId' | 'functionName' | 'qualifier' | 'payload' | 'traceId'>
