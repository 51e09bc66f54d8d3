import type { Properties, ResourceContext, ResourceType } from './type'

/** `Service::Kind` with whose it is before it; `Custom::Kind`. */
export const TYPE_NAME = /^\w+(::\w+){1,2}$/

/**
 * A kind of resource that the engine has nothing of: what other parts of a service often have, and tasks do not need. The
 * stack knows it by name, so that the service deploys beside it; its properties are not looked at, and nothing comes of
 * it: no layer is loaded, no API answers. `sls tasks dev` says so.
 */
export function elsewhere(type: string): ResourceType {
  return {
    type,
    elsewhere: true,
    properties: {},
    required: [],
    attributes: [],
    create: async (_: Properties, { name }: ResourceContext) => ({ physicalId: name }),
    update: async (before) => before.attributes,
    delete: async () => undefined,
  }
}

/** What Fn::GetAtt answers for one: of the right form where it is an ARN. */
export function attributeOf(
  { type, physicalId = '' }: { type: string; physicalId?: string },
  attribute: string,
  { region, account }: Pick<ResourceContext, 'region' | 'account'>,
): string {
  const service = type.split('::')[1]?.toLowerCase() ?? ''
  return attribute.endsWith('Arn')
    ? `arn:aws:${service}:${region}:${account}:${physicalId}`
    : `${physicalId}-${attribute}`
}
