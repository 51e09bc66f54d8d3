import { functionKeys } from '../naming'
import type { FunctionConfig } from '../serverless'
import { broken, type Problem } from './problems'
import type { OwnFunction } from './target'

/** Lambda's settings of asynchronous invocations: one set a function and qualifier, and tasks need them to be ours. */
const INVOKE_SETTINGS = ['destinations', 'maximumEventAge', 'maximumRetryAttempts'] as const

/** What the functions of the service must leave to the plugin. `targets`: those that tasks invoke, with one such task. */
export function checkFunctions(functions: OwnFunction[], targets: Map<OwnFunction, string>): Problem[] {
  const taken = functions
    .filter(({ key }) => Object.values<string>(functionKeys).includes(key))
    .map(({ key }) => ({
      path: `functions.${key}`,
      message: "is the name of one of Slipstream's own functions",
    }))
  return [...taken, ...[...targets].flatMap(([own, task]) => checkTarget(own, task))]
}

function checkTarget({ key, config }: OwnFunction, task: string): Problem[] {
  const problem = (setting: keyof FunctionConfig, rule: string): Problem => ({
    path: `functions.${key}.${setting}`,
    message: broken(rule, config[setting]),
  })
  const problems = INVOKE_SETTINGS.filter((setting) => config[setting] !== undefined).map((setting) =>
    problem(
      setting,
      `must be absent from the target of a task (${task}), for which Slipstream sets how it is invoked and where its end is reported; remove it, or give the task a function of its own`,
    ),
  )
  if (config.recursiveLoop === 'Terminate') {
    const why = 'whose retries pass through a queue, which Lambda takes for a loop after about 16'
    problems.push(
      problem('recursiveLoop', `must be Allow or absent for the target of a task (${task}), ${why}`),
    )
  }
  return problems
}
