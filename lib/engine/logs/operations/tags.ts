import type {
  ListTagsForResourceCommandInput,
  ListTagsLogGroupCommandInput,
  TagLogGroupCommandInput,
  TagResourceCommandInput,
  UntagLogGroupCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-cloudwatch-logs'
import { invalidParameter } from '../errors'
import { groupName, groupOfArn, required } from '../input'
import type { LogsContext } from '../operation'

/** The three operations by ARN, and the three older ones by a log group's name that they replace. */
export function tagResource(context: LogsContext, input: TagResourceCommandInput): undefined {
  tag(context, taggedGroup(input.resourceArn), required(input.tags, 'tags'))
}

export function untagResource(context: LogsContext, input: UntagResourceCommandInput): undefined {
  untag(context, taggedGroup(input.resourceArn), required(input.tagKeys, 'tagKeys'))
}

export function listTagsForResource({ store }: LogsContext, input: ListTagsForResourceCommandInput) {
  return { tags: store.get(taggedGroup(input.resourceArn)).tags }
}

export function tagLogGroup(context: LogsContext, input: TagLogGroupCommandInput): undefined {
  tag(context, groupName(input.logGroupName), required(input.tags, 'tags'))
}

export function untagLogGroup(context: LogsContext, input: UntagLogGroupCommandInput): undefined {
  untag(context, groupName(input.logGroupName), required(input.tags, 'tags'))
}

export function listTagsLogGroup({ store }: LogsContext, input: ListTagsLogGroupCommandInput) {
  return { tags: store.get(groupName(input.logGroupName)).tags }
}

function taggedGroup(arn: string | undefined): string {
  const group = groupOfArn(required(arn, 'resourceArn'))
  if (group === undefined) throw invalidParameter(`The local engine tags log groups only, not ${arn}.`)
  return group
}

function tag({ store }: LogsContext, group: string, tags: Record<string, string>): void {
  store.change(group, (changed) => {
    changed.tags = { ...changed.tags, ...tags }
  })
}

function untag({ store }: LogsContext, group: string, keys: string[]): void {
  store.change(group, (changed) => {
    changed.tags = Object.fromEntries(Object.entries(changed.tags).filter(([key]) => !keys.includes(key)))
  })
}
