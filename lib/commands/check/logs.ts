import {
  DescribeSubscriptionFiltersCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import { GetPolicyCommand, ResourceNotFoundException as NoPolicy } from '@aws-sdk/client-lambda'
import { type Finding, putBack, type Service } from './finding'

/** The way by which verdicts come: a subscription filter on each log group, and its right to invoke the checker. */
export async function checkLogs({ session, tasks }: Service): Promise<Finding[]> {
  const { clients, names } = session
  const findings: Finding[] = []
  // A plain target's end is Lambda's own report, and no line of its log decides.
  const groups = new Set(
    tasks
      .filter(({ definition }) => definition.target !== 'plain')
      .map(({ definition }) => definition.logGroup),
  )
  for (const logGroupName of groups) {
    try {
      const { subscriptionFilters = [] } = await clients.logs.send(
        new DescribeSubscriptionFiltersCommand({ logGroupName }),
      )
      if (
        subscriptionFilters.some(({ destinationArn }) =>
          destinationArn?.includes(`:function:${names.checker}`),
        )
      )
        continue
      findings.push({
        kind: 'problem',
        code: 'subscription-missing',
        what: `${logGroupName} has no subscription filter to the checker: a run's end is found out at its deadline only`,
        advice: putBack(names),
      })
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error
      findings.push({
        kind: 'problem',
        code: 'log-group-missing',
        what: `the log group ${logGroupName} does not exist: no wrapped target can start`,
        advice: putBack(names),
      })
    }
  }
  if (groups.size > 0 && !(await mayBeInvokedByLogs(session)))
    findings.push({
      kind: 'problem',
      code: 'permission-missing',
      what: `CloudWatch Logs may not invoke ${names.checker}: a run's end is found out at its deadline only`,
      advice: putBack(names),
    })
  return findings
}

async function mayBeInvokedByLogs({ clients, names }: Service['session']): Promise<boolean> {
  try {
    const { Policy = '{}' } = await clients.lambda.send(new GetPolicyCommand({ FunctionName: names.checker }))
    const { Statement = [] } = JSON.parse(Policy) as { Statement?: { Principal?: { Service?: string } }[] }
    return Statement.some(({ Principal }) => /^logs\.(.*\.)?amazonaws\.com$/.test(Principal?.Service ?? ''))
  } catch (error) {
    if (error instanceof NoPolicy) return false
    throw error
  }
}
