import { messageOf } from '../errors'
import type { Resource } from '../model'
import { isExisting } from '../resources/missing'

/** Why a resource failed, as CloudFormation words it. */
export function failureReason(error: unknown, resource: Resource): string {
  if (isExisting(error) && resource.physicalId === undefined) {
    return `Resource of type '${resource.type}' with identifier '${resource.name}' already exists. (HandlerErrorCode: AlreadyExists)`
  }
  if (!(error instanceof Error) || !('$metadata' in error)) return messageOf(error)
  return `Resource handler returned message: "${error.message}" (${error.name})`
}
