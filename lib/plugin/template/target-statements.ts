import type { Task } from '../config/resolve'
import { anyLogGroupArn, functionArn, logGroupArn } from './arn'
import { allow, type Statement } from './roles'

/** The least that the role of these tasks' targets needs for writing their streams and for Lambda's report. */
export function targetStatements(tasks: Task[], checkerName: string): Statement[] {
  const groups = (of: (task: Task) => boolean) =>
    [...new Set(tasks.filter(of).map(({ definition }) => definition.logGroup))].map(logGroupArn)
  const writing = groups(({ definition }) => definition.target !== 'plain')
  const operators = groups(({ definition }) => definition.target === 'operator')
  return [
    ...(writing.length === 0
      ? []
      : [allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], writing)]),
    // DescribeLogGroups is judged on all groups, whatever prefix it asks for.
    ...(operators.length === 0
      ? []
      : [allow(['logs:DeleteLogStream'], operators), allow(['logs:DescribeLogGroups'], [anyLogGroupArn])]),
    allow(['lambda:InvokeFunction'], [functionArn(checkerName)]),
  ]
}
