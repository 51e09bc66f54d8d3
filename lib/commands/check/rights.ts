import { inParallel } from '../../aws/in-parallel'
import { readRuns } from '../../aws/runs'
import type { DeployedTask } from '../../aws/tasks'
import type { RunRecord } from '../../core/protocol/record'
import type { Finding, Service } from './finding'

const AT_ONCE = 16
/** Runs that were skipped or go on say nothing; so many are looked at for one that ended. */
const LOOK_BACK = 20
/** What AWS calls it, in Lambda's answers and in others'. */
const DENIED = /AccessDenied|not authorized/i

/** Rights that are missing, as the newest run of each task that ended shows. */
export async function checkRights({ session, tasks }: Service): Promise<Finding[]> {
  const { clients, names } = session
  const found = await inParallel(tasks, AT_ONCE, async (task) => {
    const runs = await readRuns(clients.dynamoDb, names.runsTable, task.task, { limit: LOOK_BACK })
    const last = runs.find(({ finishedAt, status }) => finishedAt !== undefined && status !== 'SKIPPED')
    return last && rightOf(names.dispatcher, task, last)
  })
  return found.filter((finding) => finding !== undefined)
}

function rightOf(
  dispatcher: string,
  { task, definition }: DeployedTask,
  last: RunRecord,
): Finding | undefined {
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
