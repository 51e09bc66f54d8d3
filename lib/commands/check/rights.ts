import type { DeployedTask } from '../../aws/tasks'
import type { RunRecord } from '../../core/protocol/record'
import type { Finding } from './finding'

/** What AWS calls it, in Lambda's answers and in others'. */
const DENIED = /AccessDenied|not authorized/i

/** The right that is missing, as the newest of the task's runs shows that ended. `runs`: the newest first. */
export function missingRight(
  dispatcher: string,
  { task, definition }: DeployedTask,
  runs: readonly RunRecord[],
): Finding | undefined {
  const last = runs.find(({ finishedAt, status }) => finishedAt !== undefined && status !== 'SKIPPED')
  if (last === undefined) return undefined
  const { function: name, logGroup, target } = definition
  if (last.reason === 'refused' && DENIED.test(last.error ?? ''))
    return {
      kind: 'problem',
      code: 'invoke-denied',
      task,
      what: `${dispatcher} may not invoke ${name}: ${last.error}`,
      advice: definition.foreign
        ? `its owner allows it: aws lambda add-permission --function-name ${name} --statement-id slipstream --action lambda:InvokeFunction --principal ARN_OF_THE_ROLE_OF_${dispatcher}`
        : 'deploy the service again; where its roles are made elsewhere, allow lambda:InvokeFunction there',
    }
  const mayNotWrite = last.reason === 'not-started' && DENIED.test(last.error ?? '')
  if ((last.reason === 'no-log' && target !== 'plain') || mayNotWrite)
    return {
      kind: 'problem',
      code: 'no-log',
      task,
      what: `${name} wrote nothing to its log stream in ${last.run}${mayNotWrite ? `: ${last.error}` : ''}`,
      advice: `its role needs logs:CreateLogStream, logs:PutLogEvents and logs:DescribeLogStreams on ${logGroup}; in a VPC it needs a way to CloudWatch Logs`,
    }
  return undefined
}
