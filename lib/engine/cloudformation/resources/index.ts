import { byNameTypes } from './by-name'
import { cloudWatchTypes } from './cloudwatch'
import { dynamoDbTypes } from './dynamodb'
import { iamTypes } from './iam'
import { lambdaFunction } from './lambda-function'
import { invokeTypes } from './lambda-invoke'
import { versionTypes } from './lambda-version'
import { logsTypes } from './logs'
import { s3Types } from './s3'
import { schedulerTypes } from './scheduler'
import { snsTypes } from './sns'
import { sqsTypes } from './sqs'
import type { ResourceType } from './type'

/** The kinds of resource that the engine has, by type name. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    ...byNameTypes,
    ...cloudWatchTypes,
    ...dynamoDbTypes,
    ...iamTypes,
    lambdaFunction,
    ...invokeTypes,
    ...versionTypes,
    ...logsTypes,
    ...s3Types,
    ...schedulerTypes,
    ...snsTypes,
    ...sqsTypes,
  ].map((type) => [type.type, type]),
)

/** Throws on a type that validation should have refused. */
export function resourceType(name: string): ResourceType {
  const type = RESOURCE_TYPES.get(name)
  if (!type) throw new Error(`the engine has no resource type ${name}`)
  return type
}
