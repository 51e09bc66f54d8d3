import type { ServiceSettings } from '../config/schema'
import type { CloudFormationResource } from '../serverless'

export type StatePolicies = Required<Pick<CloudFormationResource, 'DeletionPolicy' | 'UpdateReplacePolicy'>>

/**
 * What becomes of the records and their logs when the stack goes or a name changes. Always said, because linters ask it of
 * whatever holds state.
 */
export function statePolicies({ retain = false }: ServiceSettings): StatePolicies {
  const policy = retain ? 'Retain' : 'Delete'
  return { DeletionPolicy: policy, UpdateReplacePolicy: policy }
}
