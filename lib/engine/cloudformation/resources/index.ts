import { cloudWatchTypes } from './cloudwatch'
import { dynamoDbTypes } from './dynamodb'
import { elsewhere } from './elsewhere'
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

export const resourceType = (name: string): ResourceType => RESOURCE_TYPES.get(name) ?? elsewhere(name)
