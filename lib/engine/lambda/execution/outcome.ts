import type { Exit } from './child'

/** How an invocation ended. `payload` is JSON. */
export type Outcome = {
  payload: string
  /** Present when the function failed. */
  functionError?: 'Unhandled'
  errorType?: string
  status: 'success' | 'error' | 'timeout'
}

/** Lambda's limit of a synchronous response, bytes (Developer Guide, gettingstarted-limits). */
const MAX_RESPONSE = 6 * 1024 * 1024 + 100

export function succeeded(payload: string): Outcome {
  const size = Buffer.byteLength(payload)
  if (size > MAX_RESPONSE) {
    return failed(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (6291556 bytes).`,
    )
  }
  return { payload, status: 'success' }
}

/** With the payload that the runtime itself sent. */
export function failedWith(payload: string, errorType: string | undefined): Outcome {
  return {
    payload,
    functionError: 'Unhandled',
    ...(errorType === undefined ? {} : { errorType }),
    status: 'error',
  }
}

export function failed(errorType: string, errorMessage: string): Outcome {
  return failedWith(JSON.stringify({ errorType, errorMessage }), errorType)
}

export function timedOut(requestId: string, seconds: number): Outcome {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`
  return {
    payload: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage }),
    functionError: 'Unhandled',
    status: 'timeout',
  }
}

export function exited(requestId: string, exit: Exit, outOfMemory: boolean): Outcome {
  if (outOfMemory) {
    return failed(
      'Runtime.OutOfMemory',
      `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    )
  }
  const how =
    exit.signal !== null
      ? ` with error: signal: ${SIGNALS[exit.signal] ?? exit.signal}`
      : exit.code === 0
        ? ' without providing a reason'
        : ` with error: exit status ${exit.code}`
  return failed('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited${how}`)
}

/** Go's words for signals, which Lambda's messages have. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGABRT: 'aborted',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
  SIGHUP: 'hangup',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
}
