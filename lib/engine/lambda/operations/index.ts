import type { Deps } from '../deps'
import type { Operation } from '../router'
import { getAccountSettings } from './account-settings'
import * as aliases from './aliases'
import * as concurrency from './concurrency'
import { createFunction } from './create-function'
import { deleteFunction } from './delete-function'
import * as eventInvokeConfig from './event-invoke-config'
import * as eventSourceMappings from './event-source-mappings'
import { invoke } from './invoke'
import * as permissions from './permissions'
import { publishVersion } from './publish-version'
import * as readFunction from './read-function'
import * as recursionConfig from './recursion-config'
import * as tags from './tags'
import * as updateFunction from './update-function'

/** All operations of Lambda's API that the engine has. */
export const operations: Operation<Deps>[] = [
  createFunction,
  deleteFunction,
  publishVersion,
  invoke,
  getAccountSettings,
  ...Object.values(updateFunction),
  ...Object.values(readFunction),
  ...Object.values(aliases),
  ...Object.values(concurrency),
  ...Object.values(eventInvokeConfig),
  ...Object.values(eventSourceMappings),
  ...Object.values(permissions),
  ...Object.values(recursionConfig),
  ...Object.values(tags),
]
