import { createHash } from 'node:crypto'
import { HANDLER_KEYS } from '../core/names'

/**
 * Every logical id that the plugin adds. They hang on what the user named and on nothing else: an id that moves with
 * the order of things or with a text makes CloudFormation replace what has not changed.
 */
export const ids = {
  runsTable: 'SlipstreamRunsTable',
  locksTable: 'SlipstreamLocksTable',
  queue: 'SlipstreamQueue',
  deadLetterQueue: 'SlipstreamDeadLetterQueue',
  deadLetterAlarm: 'SlipstreamDeadLetterAlarm',
  droppedAlarm: 'SlipstreamDroppedAlarm',
  scheduleGroup: 'SlipstreamScheduleGroup',
  schedulerRole: 'SlipstreamSchedulerRole',
  logGroup: 'SlipstreamLogGroup',
  invokePolicy: (number: number) => `SlipstreamInvokePolicy${number}`,
  dispatcherRole: 'SlipstreamDispatcherRole',
  checkerRole: 'SlipstreamCheckerRole',
  dispatcherQueue: 'SlipstreamDispatcherQueueMapping',
  handlerAlarm: (handler: keyof typeof HANDLER_KEYS) => `Slipstream${word(handler)}Alarm`,
  alerterRole: 'SlipstreamAlerterRole',
  alerterInvokeConfig: 'SlipstreamAlerterInvokeConfig',
  alertsDeadLetterQueue: 'SlipstreamAlertsDeadLetterQueue',
  alertsDeadLetterAlarm: 'SlipstreamAlertsDeadLetterAlarm',
  watchRole: 'SlipstreamWatchRole',
  watchSchedule: 'SlipstreamWatchSchedule',
  schedule: (task: string) => `SlipstreamSchedule${word(task)}`,
  /** Without a name: the service's own log group. */
  subscription: (logGroup = '') => `SlipstreamSubscription${word(logGroup)}`,
  subscriptionPermission: (logGroup = '') => `SlipstreamSubscriptionPermission${word(logGroup)}`,
  invokeConfig: (functionKey: string, qualifier: string) =>
    `SlipstreamInvokeConfig${word(functionKey)}${qualifier === '$LATEST' ? '' : word(qualifier)}`,
}

export const functionKeys = HANDLER_KEYS

/**
 * A name as part of a logical id, which takes letters and digits only. Two names never give the same part: `loadDay`
 * becomes `LoadDay`; one that loses characters on the way carries a hash of what it was.
 */
function word(name: string): string {
  const words = name.split(/[^0-9A-Za-z]+/).filter((part) => part !== '')
  const joined = words.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
  if (name === '' || /^[a-z][0-9A-Za-z]*$/.test(name)) return joined
  return joined + createHash('sha256').update(name).digest('hex').slice(0, 8)
}
