import { functionKeys } from '../naming'
import type { Problem } from './problems'
import type { Task } from './resolve'
import type { OwnFunction } from './target'

/** Lambda's settings of asynchronous invocations: one set a function and qualifier, and tasks need them to be ours. */
const INVOKE_SETTINGS = ['destinations', 'maximumEventAge', 'maximumRetryAttempts'] as const

/** What the functions of the service must leave to the plugin. */
export function checkFunctions(functions: OwnFunction[], tasks: Task[]): Problem[] {
  const taken = functions
    .filter(({ key }) => Object.values<string>(functionKeys).includes(key))
    .map(({ key }) => ({
      path: `functions.${key}`,
      message: "is the name of one of Slipstream's own functions",
    }))
  const targets = new Map(
    tasks.flatMap(({ name, target: { own } }) => (own ? [[own.key, { own, name }]] : [])),
  )
  return [...taken, ...[...targets.values()].flatMap(({ own, name }) => checkTarget(own, name))]
}

function checkTarget({ key, config }: OwnFunction, task: string): Problem[] {
  const problems: Problem[] = INVOKE_SETTINGS.filter((setting) => config[setting] !== undefined).map(
    (setting) => ({
      path: `functions.${key}.${setting}`,
      message: `must not be set for the target of a task (${task}): how it is invoked and where its end is reported is Slipstream's; remove it, or let the task use a function of its own`,
    }),
  )
  if (config.recursiveLoop === 'Terminate') {
    problems.push({
      path: `functions.${key}.recursiveLoop`,
      message: `must be Allow or absent for the target of a task (${task}): retries pass through a queue, which Lambda takes for a loop after about 16, got "Terminate"`,
    })
  }
  return problems
}
