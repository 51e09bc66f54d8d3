import type { Definition } from '../../core/definition'
import { namesOf, type ServiceNames, TASK_NAME, WATCH_SCHEDULE } from '../../core/names'
import { parseSchedule, type Schedule } from '../../core/schedule'
import { functionKeys } from '../naming'
import { alertPolicy, type Channels, checkChannels } from './alerts'
import type { Alerts } from './alerts-schema'
import { definitionOf } from './defaults'
import { checkFunctions } from './functions'
import {
  checkFilterPatterns,
  checkLogGroups,
  checkLogLevel,
  checkScheduleInput,
  checkWatchInput,
} from './limits'
import { broken, brokenKind, configurationError, isMap, type Problem } from './problems'
import type { ServiceSettings, Task as TaskConfig } from './schema'
import { shapeSettings, shapeTask } from './shape'
import { type OwnFunction, resolveTarget, type Target } from './target'

/** What the plugin is told of the service that it is part of. */
export type ServiceFacts = {
  service: string
  stage: string
  region: string
  functions: OwnFunction[]
  tasks: unknown
  slipstream: unknown
}

/** A task with every default filled in. */
export type Task = {
  name: string
  schedule: Schedule
  timezone: string
  enabled: boolean
  payload: Record<string, unknown> | undefined
  description: string | undefined
  tags: string[]
  owner: string | undefined
  target: Target
  definition: Definition
}

export type ServiceConfig = {
  names: ServiceNames
  stage: string
  tasks: Task[]
  settings: ServiceSettings
  channels: Channels
}

/** Whether anybody wants to hear of anything: only then there is an alerter. */
export const hasAlerts = ({ tasks }: ServiceConfig) => tasks.some(({ definition }) => definition.alerts)

/** Of the names that begin with SERVICE-STAGE the ones nearest to their limit are our functions', with 64 characters. */
const LONGEST_PREFIX = 64 - 1 - Math.max(...Object.values(functionKeys).map((key) => key.length))
const PREFIX = new RegExp(`^[0-9A-Za-z_-]{1,${LONGEST_PREFIX}}$`)

/**
 * Reads `tasks:` and `slipstream:`.
 *
 * @throws {SlipstreamError} with all mistakes.
 */
export function resolveConfig(facts: ServiceFacts, now = Date.now()): ServiceConfig {
  const problems: Problem[] = []
  const names = namesOf(`${facts.service}-${facts.stage}`)
  if (!PREFIX.test(names.prefix)) {
    const rule = `must, with "-" and the stage, be at most ${LONGEST_PREFIX} letters, digits, - and _`
    problems.push({ path: 'service', message: broken(rule, names.prefix) })
  }
  const settings = shapeSettings(facts.slipstream)
  problems.push(...settings.problems)
  problems.push(...checkLogLevel(settings.value.service))
  if (facts.tasks != null && !isMap(facts.tasks)) {
    problems.push({ path: 'tasks', message: brokenKind('must be a map from task name to task', facts.tasks) })
  }
  const targets = new Map<OwnFunction, string>()
  const channels = new Map<string, unknown>()
  const tasks = Object.entries(isMap(facts.tasks) ? facts.tasks : {}).flatMap(([name, raw]) => {
    const task = resolveTask(name, raw, settings.value, facts, names, now)
    problems.push(...task.problems)
    if (task.target?.own) targets.set(task.target.own, name)
    for (const [channel, address] of task.channels ?? []) channels.set(channel, address)
    return task.value ?? []
  })
  problems.push(
    ...checkFunctions(facts.functions, targets),
    ...checkFilterPatterns(tasks),
    ...checkLogGroups(tasks),
    ...checkChannels(channels),
    ...checkWatchInput(tasks),
  )
  if (problems.length > 0) throw configurationError(problems)
  return { names, stage: facts.stage, tasks, settings: settings.value.service, channels }
}

function resolveTask(
  name: string,
  raw: unknown,
  settings: { defaults: Partial<TaskConfig>; alerts: Partial<Alerts> },
  facts: ServiceFacts,
  names: ServiceNames,
  now: number,
): { value?: Task; target: Target | undefined; channels?: Channels; problems: Problem[] } {
  const path = `tasks.${name}`
  const { defaults } = settings
  const { value: own, problems, silent } = shapeTask(path, raw)
  const report = (key: keyof TaskConfig, message: string) => {
    const inherited = own[key] === undefined && defaults[key] !== undefined
    problems.push({
      path: `${path}.${key}`,
      message: inherited ? `${message} (from slipstream.defaults)` : message,
    })
  }
  if (name === WATCH_SCHEDULE) {
    problems.push({ path, message: "is the name of Slipstream's own schedule; give the task another" })
  }
  if (!TASK_NAME.test(name)) {
    problems.push({ path, message: broken('must be named with 1 to 64 of letters, digits and . - _', name) })
  }
  const given = isMap(raw) ? raw : {}
  for (const key of ['function', 'schedule'] as const) {
    if ((isMap(raw) || raw == null) && given[key] === undefined)
      report(key, 'is missing: every task needs one')
  }
  const task = { ...defaults, ...own, retry: { ...defaults.retry, ...own.retry } }
  // One that is wrong has been told; that it is missing as well would be a second message for one mistake.
  const told = given['target'] !== undefined && own.target === undefined
  const target = resolveTarget(told ? { ...task, target: 'plain' } : task, facts, report)
  if (target && task.timeout !== undefined && task.timeout > target.functionTimeout) {
    report(
      'timeout',
      broken(`must not exceed the function's own time-out, ${target.functionTimeout} s`, task.timeout),
    )
  }
  // What the checker logs would be passed to the checker, and so on.
  const handlerLogs = Object.values(functionKeys).map((key) => `/aws/lambda/${names.prefix}-${key}`)
  if (task.logGroup !== undefined && handlerLogs.includes(task.logGroup)) {
    report('logGroup', broken("must not be the log group of Slipstream's own functions", task.logGroup))
  }
  const alerts = silent ? undefined : alertPolicy(settings.alerts, own.alerts)
  if (alerts === 'missing') {
    report(
      'alerts',
      'must name where they go: at least one of topic, webhook and events: true, here or in slipstream.alerts',
    )
  }
  if (task.schedule === undefined || target === undefined || alerts === 'missing') return { target, problems }

  const timezone = task.timezone ?? 'UTC'
  const schedule = parseSchedule(task.schedule, timezone)
  const value: Task = {
    name,
    schedule,
    timezone,
    enabled: task.enabled ?? true,
    payload: task.payload,
    description: task.description,
    tags: task.tags ?? [],
    owner: task.owner,
    target,
    definition: {
      ...definitionOf(task, target, schedule, names, now),
      ...(alerts === undefined ? {} : { alerts: alerts.policy }),
    },
  }
  const tooLarge = checkScheduleInput(value)
  if (tooLarge) report('payload', tooLarge)
  return { value, target, problems, ...(alerts === undefined ? {} : { channels: alerts.channels }) }
}
