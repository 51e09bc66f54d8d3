import { ApiError } from '../api'
import { violated } from '../constraint'

/** Lambda's error shapes with the statuses of its API model; this one spells its message with a capital there. */
export const notFound = (message: string) =>
  new ApiError('ResourceNotFoundException', message, 404, { Type: 'User', Message: message })
export const noFunction = (arn: string) => notFound(`Function not found: ${arn}`)
/** An input that breaks a rule of the API's model; such an error is no shape of the model itself. */
export const breaksModel = (member: string, value: unknown, rule: string) =>
  new ApiError('ValidationException', violated(member, value, rule))
export const invalid = (message: string) =>
  new ApiError('InvalidParameterValueException', message, 400, { Type: 'User' })
export const conflict = (message: string) =>
  new ApiError('ResourceConflictException', message, 409, { Type: 'User' })

/** `RevisionId` in a request: the change is refused when somebody else changed the resource meanwhile. */
export function checkRevision(given: string | undefined, current: string): void {
  if (given === undefined || given === current) return
  throw new ApiError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    412,
    { Type: 'User' },
  )
}
