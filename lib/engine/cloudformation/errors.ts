import { ApiError } from '../api'

/** What CloudFormation answers to nearly everything that is wrong with a request or a template. */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationError', message)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
