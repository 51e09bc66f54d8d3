import type { Distribution, LogGroupClass } from '@aws-sdk/client-cloudwatch-logs'

export type SubscriptionFilter = {
  filterName: string
  filterPattern: string
  destinationArn: string
  roleArn?: string
  distribution: Distribution
  creationTime: number
}

/** What is kept of a log group, beside its streams. */
export type LogGroup = {
  name: string
  /** Names the group's folder: a group deleted and made again gets another. */
  id: string
  creationTime: number
  class: LogGroupClass
  retentionInDays?: number
  kmsKeyId?: string
  deletionProtected?: boolean
  tags: Record<string, string>
  filters: SubscriptionFilter[]
}
