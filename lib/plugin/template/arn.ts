import { ids } from '../naming'

/*
 * ARNs for policies, made of names: a policy that referred to a function would depend on it, and the function depends on
 * its role.
 */

const arn = (service: string, resource: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
})

/** A name, or an ARN as it is. */
export const functionArn = (nameOrArn: string, suffix = '') =>
  nameOrArn.startsWith('arn:') ? `${nameOrArn}${suffix}` : arn('lambda', `function:${nameOrArn}${suffix}`)

/** A log group and its streams; CloudWatch Logs writes both so. */
export const logGroupArn = (name: string) => arn('logs', `log-group:${name}:*`)

export const anyLogGroupArn = arn('logs', 'log-group:*')

export const scheduleGroupArn = (name: string) => arn('scheduler', `schedule-group/${name}`)

export const schedulesArn = (group: string) => arn('scheduler', `schedule/${group}/*`)

export const defaultEventBusArn = arn('events', 'event-bus/default')

export const queueArn = { 'Fn::GetAtt': [ids.queue, 'Arn'] }
export const deadLetterQueueArn = { 'Fn::GetAtt': [ids.deadLetterQueue, 'Arn'] }
export const tableArns = [{ 'Fn::GetAtt': [ids.runsTable, 'Arn'] }, { 'Fn::GetAtt': [ids.locksTable, 'Arn'] }]
