import type { Definition } from '../../core/definition'
import type { ServiceNames } from '../../core/names'
import { interval, type Schedule } from '../../core/schedule'
import type { Task } from './schema'
import type { Target } from './target'

const RETRY = { attempts: 1, delay: 30, backoff: 2, maxDelay: 3600 }
const RETENTION = 30

/** What a run is told of its task, with every default filled in. `now`: epoch ms. */
export function definitionOf(
  task: Partial<Task>,
  target: Target,
  schedule: Schedule,
  names: ServiceNames,
  now: number,
): Definition {
  const { overlap = 'latest', retry = {} } = task
  const ownGroup = task.logGroup !== undefined && task.logGroup !== names.logGroup
  return {
    function: target.function,
    qualifier: target.qualifier,
    target: target.target,
    ...(target.own ? {} : { foreign: true }),
    ...(target.own?.vpc ? { vpc: true } : {}),
    concurrency: task.concurrency ?? 1,
    overlap,
    ...(task.enabled === false ? {} : everyOf(schedule)),
    startWithin:
      task.startWithin !== undefined ? task.startWithin : defaultStartWithin(overlap, schedule, now),
    timeout: task.timeout ?? target.functionTimeout,
    functionTimeout: target.functionTimeout,
    retry: {
      attempts: retry.attempts ?? RETRY.attempts,
      delay: retry.delay ?? RETRY.delay,
      backoff: retry.backoff ?? RETRY.backoff,
      maxDelay: retry.maxDelay ?? RETRY.maxDelay,
    },
    failOn: task.failOn ?? ['ERROR'],
    except: task.except ?? [],
    logGroup: task.logGroup ?? names.logGroup,
    ...(ownGroup ? { ownGroupPrefix: names.prefix } : {}),
    retention: task.retention ?? RETENTION,
  }
}

/** A cron's ticks may come each minute for an hour, and then not for a day. */
function everyOf(schedule: Schedule): Pick<Definition, 'every'> {
  if (schedule.kind === 'every') return { every: schedule.seconds }
  return schedule.kind === 'rate' ? { every: schedule.period / 1000 } : {}
}

/** A queue that only grows would catch up for ever, so there a tick has one interval to come to its turn. */
function defaultStartWithin(overlap: string, schedule: Schedule, now: number): number | null {
  const milliseconds = overlap === 'queue' ? interval(schedule, now) : undefined
  return milliseconds === undefined ? null : milliseconds / 1000
}
