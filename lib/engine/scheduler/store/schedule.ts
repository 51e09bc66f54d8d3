import type {
  ActionAfterCompletion,
  FlexibleTimeWindow,
  ScheduleState,
  Target,
} from '@aws-sdk/client-scheduler'

export const DEFAULT_GROUP = 'default'

export type ScheduleGroup = {
  name: string
  creationTime: number
  tags: Record<string, string>
  clientToken?: string
}

/** Members of the API by their own names, with the defaults filled in. Times in epoch ms. */
export type StoredSchedule = {
  name: string
  group: string
  creationTime: number
  modifiedTime: number
  clientToken?: string
  /** What a rate without StartDate counts from: when it was made or changed. */
  anchor: number
  /** A one-time schedule that has fired, or whose time was over when it was made. */
  done: boolean
  definition: {
    ScheduleExpression: string
    ScheduleExpressionTimezone: string
    State: ScheduleState
    FlexibleTimeWindow: FlexibleTimeWindow
    ActionAfterCompletion: ActionAfterCompletion
    Target: Target
    StartDate?: number
    EndDate?: number
    Description?: string
    KmsKeyArn?: string
  }
}

/** A tick on its way to its target, kept until the target has it or it is given up. */
export type Invocation = {
  id: string
  scheduleArn: string
  target: Target
  /** The tick, epoch ms. */
  scheduledAt: number
  /** Counted from 1; the one that is to be made next. */
  attempt: number
  /** When the first attempt was due, epoch ms. */
  since: number
  /** When the next attempt is due, epoch ms. */
  due: number
}
