/** Names of the errors with which the services say that something is not there. */
const MISSING = new Set([
  'ResourceNotFoundException',
  'ResourceNotFound',
  'NotFound',
  'NotFoundException',
  'NoSuchBucket',
  'NoSuchBucketPolicy',
  'NoSuchKey',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
])

function isMissing(error: unknown): boolean {
  return error instanceof Error && MISSING.has(error.name)
}

/** The answer, or undefined where the thing asked for is not there. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const EXISTS = new Set([
  'ResourceAlreadyExistsException',
  'ResourceConflictException',
  'ResourceInUseException',
  'ConflictException',
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
  'QueueNameExists',
  'AlreadyExists',
])

/** Whether a create failed because there is one of that name. */
export function isExisting(error: unknown): boolean {
  return error instanceof Error && EXISTS.has(error.name)
}

/** For services whose create is content when the thing exists, which CloudFormation is not. */
export class AlreadyExists extends Error {
  constructor(what: string) {
    super(`${what} already exists`)
    this.name = 'AlreadyExists'
  }
}
