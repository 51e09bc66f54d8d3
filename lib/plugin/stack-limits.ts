import { SlipstreamError } from './errors'
import type { CloudFormationResource, CloudFormationTemplate } from './serverless'
import { policyLength } from './template/policy-length'

/** AWS CloudFormation User Guide, quotas. */
const MAX_RESOURCES = 500
const MAX_TEMPLATE = 1_000_000
/** Of all inline policies of a role, in characters (IAM User Guide, quotas). */
const MAX_INLINE_POLICIES = 10_240

/** Attached to a role, unless the account's quota was raised (IAM User Guide, quotas). */
const MAX_MANAGED_POLICIES = 10

const SPLIT = 'move some tasks, with their functions, into a service of their own'

/** Refuses a template, as it is going to be deployed, that AWS would refuse in the middle of a deploy. */
export function checkStack({ Resources }: CloudFormationTemplate, roles: string[]): void {
  const all = Object.values(Resources)
  const schedules = all.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule').length
  if (all.length > MAX_RESOURCES)
    throw tooLarge(
      `The stack has ${all.length} resources, of which ${schedules} are the schedules of tasks; CloudFormation takes ${MAX_RESOURCES}: ${SPLIT}`,
    )
  const bytes = Buffer.byteLength(JSON.stringify({ Resources }))
  if (bytes > MAX_TEMPLATE)
    throw tooLarge(
      `The template has ${bytes} bytes, of which ${sizeOfSchedules(all)} are the schedules of ${schedules} tasks; CloudFormation takes ${MAX_TEMPLATE}: shorten payloads, or ${SPLIT}`,
    )
  for (const id of roles) {
    const attached = Resources[id]?.Properties['ManagedPolicyArns']
    if (Array.isArray(attached) && attached.length > MAX_MANAGED_POLICIES)
      throw tooLarge(
        `The tasks invoke so many functions that the role ${id} needs ${attached.length} managed policies; IAM attaches ${MAX_MANAGED_POLICIES}: ${SPLIT}`,
      )
    const length = policyLength(Resources[id]?.Properties['Policies'] ?? [])
    if (length > MAX_INLINE_POLICIES)
      throw tooLarge(
        `The policies of the role ${id} have about ${length} characters; IAM takes ${MAX_INLINE_POLICIES}: let tasks share log groups, or ${SPLIT}`,
      )
  }
}

function sizeOfSchedules(resources: CloudFormationResource[]): number {
  return resources
    .filter(({ Type }) => Type === 'AWS::Scheduler::Schedule')
    .reduce((sum, schedule) => sum + Buffer.byteLength(JSON.stringify(schedule)), 0)
}

const tooLarge = (message: string) => new SlipstreamError(message, 'SLIPSTREAM_TOO_LARGE')
