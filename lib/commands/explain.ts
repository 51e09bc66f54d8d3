import { CommandError } from './errors'
import type { Where } from './session'

type AwsError = Error & { $fault?: string; $metadata?: { httpStatusCode?: number } }

/** A sentence for the user. Anything that is neither AWS's answer nor ours is a bug, and keeps its stack. */
export function explain(error: unknown, where: Where | undefined): CommandError {
  if (error instanceof CommandError) return error
  const { name, message, stack, $fault, $metadata } = error as AwsError
  const at = where && `${where.service}-${where.stage}${where.region ? ` in ${where.region}` : ''}`
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return new CommandError(
      `no AWS credentials: ${message}. Give --profile or the usual environment variables, or --local`,
      'NO_CREDENTIALS',
    )
  if (/^Region is missing/.test(message))
    return new CommandError('no AWS region: give --region, or set AWS_REGION', 'NO_REGION')
  if (name === 'ResourceNotFoundException' || name === 'QueueDoesNotExist')
    return new CommandError(`${at} is not deployed, or not whole: ${message}`, 'NOT_DEPLOYED')
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED')
    return new CommandError(`nothing answers at the endpoint: ${message || code}`, 'NO_ANSWER')
  if (code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code === 'EAI_AGAIN')
    return new CommandError(`AWS cannot be reached: ${message}`, 'NO_ANSWER')
  // Where nothing answered the SDK gives the error its metadata all the same.
  if ($fault !== undefined || $metadata !== undefined) return new CommandError(`${name}: ${message}`, name)
  return new CommandError(stack ?? String(error), 'BUG')
}
