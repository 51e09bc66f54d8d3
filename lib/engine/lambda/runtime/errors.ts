/** What Lambda's Node.js runtime answers for something thrown. */
export type ErrorPayload = { errorType: string; errorMessage: string; trace: string[] }

export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export function errorPayload(thrown: unknown): ErrorPayload {
  if (thrown instanceof Error || isErrorLike(thrown)) {
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: String(thrown.stack ?? '').split('\n'),
    }
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
}

/** As the runtime logs it: the error's own fields too, and the trace under `stack`. */
export function errorLog(thrown: unknown): string {
  const { errorType, errorMessage, trace } = errorPayload(thrown)
  const own = typeof thrown === 'object' && thrown !== null ? { ...thrown } : {}
  const base = { errorType, errorMessage }
  try {
    return JSON.stringify({ ...base, ...own, stack: trace })
  } catch {
    return JSON.stringify({ ...base, stack: trace })
  }
}

/** Errors of another realm (`vm`) are not `instanceof Error`. */
function isErrorLike(thrown: unknown): thrown is Error {
  const error = thrown as Partial<Error> | null
  return (
    typeof error === 'object' && error !== null && 'name' in error && 'message' in error && 'stack' in error
  )
}
