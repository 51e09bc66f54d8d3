/**
 * Every name that a user or another tool may depend on, in one place.
 * `prefix` is `SERVICE-STAGE` throughout.
 */

export type ServiceNames = {
  prefix: string
  runsTable: string
  locksTable: string
  queue: string
  deadLetterQueue: string
  alertsDeadLetterQueue: string
  scheduleGroup: string
  logGroup: string
  dispatcher: string
  checker: string
  alerter: string
}

/** Keys under `functions:` of those that the plugin adds to a service; the framework names functions by their key. */
export const HANDLER_KEYS = {
  dispatcher: 'slipstreamDispatcher',
  checker: 'slipstreamChecker',
  /** Only where a task asks for alerts. */
  alerter: 'slipstreamAlerter',
} as const

/** The schedule of the watcher, in the group of the tasks' own. */
export const WATCH_SCHEDULE = 'slipstream.watch'

export function serviceNames(service: string, stage: string): ServiceNames {
  return namesOf(`${service}-${stage}`)
}

export function namesOf(prefix: string): ServiceNames {
  return {
    prefix,
    runsTable: `${prefix}-runs`,
    locksTable: `${prefix}-locks`,
    queue: `${prefix}-tasks`,
    deadLetterQueue: `${prefix}-tasks-dlq`,
    alertsDeadLetterQueue: `${prefix}-alerts-dlq`,
    scheduleGroup: prefix,
    logGroup: `/slipstream/${prefix}`,
    dispatcher: `${prefix}-${HANDLER_KEYS.dispatcher}`,
    checker: `${prefix}-${HANDLER_KEYS.checker}`,
    alerter: `${prefix}-${HANDLER_KEYS.alerter}`,
  }
}

/** Environment variables through which the plugin tells our handlers where they are. */
export const ENVIRONMENT = {
  prefix: 'SLIPSTREAM_PREFIX',
  queueUrl: 'SLIPSTREAM_QUEUE_URL',
  /** Name of the alerter, where there is one. */
  alerter: 'SLIPSTREAM_ALERTER',
  stage: 'SLIPSTREAM_STAGE',
  /** Before `topic:HASH` or `webhook:HASH`, with `_` for the colon. */
  channel: 'SLIPSTREAM_CHANNEL_',
  /** `service` or `task`: by what metrics are told apart; absent where there are none. */
  metrics: 'SLIPSTREAM_METRICS',
} as const

/**
 * The name of a task is also the name of its schedule, so EventBridge Scheduler's rule holds
 * (API reference, CreateSchedule, Name).
 */
export const TASK_NAME = /^[0-9a-zA-Z\-_.]{1,64}$/

/** A run's key: the ISO 8601 time of its tick in milliseconds, UTC. The year has four digits, so keys sort by time. */
export const RUN_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** One attempt of one run: what a log stream stands for. */
export type Attempt = { task: string; run: string; attempt: number }

const STREAM =
  /^(?:([^/]+)\/)?([0-9a-zA-Z\-_.]{1,64})\/(\d{4})\/(\d\d)\/(\d\d)\/\[([^\]/]+)\](\d\d)(\d\d)(\d\d)(\d{3})-([1-9]\d{0,2})-([0-9a-z]+)$/

/**
 * `TASK/YYYY/MM/DD/[QUALIFIER]HHMMSSmmm-ATTEMPT-RANDOM`, from which task, run and attempt can be read back.
 * In a task's own log group `SERVICE-STAGE/` stands before it, since two services may share that group.
 * `run` is the run's key: an ISO 8601 time in milliseconds, UTC.
 */
export function streamName(
  at: Attempt,
  parts: { qualifier: string; random: string; ownGroupPrefix?: string | undefined },
): string {
  const [date = '', time = ''] = at.run.split('T')
  const clock = time.replace(/\D/g, '')
  const before = parts.ownGroupPrefix === undefined ? '' : `${parts.ownGroupPrefix}/`
  return `${before}${at.task}/${date.replaceAll('-', '/')}/[${parts.qualifier}]${clock}-${at.attempt}-${parts.random}`
}

/** The reverse of `streamName`; undefined for a stream that is not one of ours. */
export function parseStreamName(
  stream: string,
): (Attempt & { qualifier: string; ownGroupPrefix?: string }) | undefined {
  const match = STREAM.exec(stream)
  if (!match) return undefined
  const [, prefix, task = '', year, month, day, qualifier = '', hour, minute, second, ms, attempt] = match
  return {
    ...(prefix === undefined ? {} : { ownGroupPrefix: prefix }),
    task,
    run: `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`,
    attempt: Number(attempt),
    qualifier,
  }
}
