import { ApiError } from '../api'

/** Scheduler's error shapes spell their message with a capital (botocore, scheduler 2021-06-30). */
function error(code: string, message: string, status: number): ApiError {
  return new ApiError(code, message, status, { Message: message })
}

export const invalid = (message: string) => error('ValidationException', message, 400)
export const conflict = (message: string) => error('ConflictException', message, 409)
export const notFound = (message: string) => error('ResourceNotFoundException', message, 404)
export const unknownOperation = (message: string) => error('UnknownOperationException', message, 404)
