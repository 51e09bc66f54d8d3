import {
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda'
import { inParallel } from '../../aws/in-parallel'
import type { DeployedTask } from '../../aws/tasks'
import { type Finding, putBack, type Service } from './finding'

/** Lambda's control plane takes 15 calls a second in all (Developer Guide, quotas). */
const AT_ONCE = 4

/** What the tasks invoke: whether it is there, as it was when the task was deployed, and reports to the checker. */
export async function checkFunctions({ session, tasks }: Service): Promise<Finding[]> {
  const byTarget = new Map(
    tasks.map((task) => [`${task.definition.function} ${task.definition.qualifier}`, task]),
  )
  const found = await inParallel([...byTarget.values()], AT_ONCE, (task) => checkFunction(session, task))
  return found.flat()
}

async function checkFunction({ clients, names }: Service['session'], task: DeployedTask): Promise<Finding[]> {
  const { function: FunctionName, qualifier: Qualifier, functionTimeout, foreign } = task.definition
  const at = { FunctionName, Qualifier }
  const name = Qualifier === '$LATEST' ? FunctionName : `${FunctionName}:${Qualifier}`
  const timeout = await orMissing(
    async () => (await clients.lambda.send(new GetFunctionConfigurationCommand(at))).Timeout,
  )
  if (timeout === MISSING)
    return [
      {
        kind: 'problem',
        code: 'function-missing',
        task: task.task,
        what: `its function ${name} does not exist`,
        advice: foreign ? 'deploy that function, or name another in serverless.yml' : putBack(names),
      },
    ]
  const findings: Finding[] = []
  if (timeout !== undefined && timeout > functionTimeout)
    findings.push({
      kind: 'problem',
      code: 'function-timeout-changed',
      task: task.task,
      what: `${name} may now run ${timeout} s, the task was deployed when it was ${functionTimeout} s: its runs are refused`,
      advice: 'deploy the service again, so that slots are held long enough',
    })
  // What a function that is deployed elsewhere does with its failures is its owner's.
  if (foreign) return findings
  const destination = await orMissing(async () => {
    const { DestinationConfig } = await clients.lambda.send(new GetFunctionEventInvokeConfigCommand(at))
    return DestinationConfig?.OnFailure?.Destination
  })
  if (destination === MISSING || !destination?.includes(`:function:${names.checker}`))
    findings.push({
      kind: 'problem',
      code: 'report-missing',
      task: task.task,
      what: `${name} does not report its failures to the checker: a crash is found out at its deadline only`,
      advice: putBack(names),
    })
  return findings
}

const MISSING = Symbol('missing')

async function orMissing<T>(call: () => Promise<T>): Promise<T | typeof MISSING> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return MISSING
    throw error
  }
}
