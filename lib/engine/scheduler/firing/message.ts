import { randomBytes } from 'node:crypto'
import { ACCOUNT } from '../../api'
import type { Invocation } from '../store/schedule'

/** `2022-03-22T18:59:43Z`: UTC, whole seconds (User Guide, "Adding context attributes"). */
export const scheduledTime = ({ scheduledAt }: Invocation) =>
  `${new Date(scheduledAt).toISOString().slice(0, 19)}Z`

/** AWS's look like `d32c5kddcf5bb8c3`; each attempt has its own. */
export const newExecutionId = () => randomBytes(8).toString('hex')

/** The target's Input with its context attributes filled in; without one, the notification that AWS sends then. */
export function messageOf(invocation: Invocation, executionId: string, region: string): string {
  const { scheduleArn, target, attempt } = invocation
  if (target.Input === undefined) {
    return JSON.stringify({
      version: '0',
      id: executionId,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: ACCOUNT,
      time: scheduledTime(invocation),
      region,
      resources: [scheduleArn],
      detail: '{}',
    })
  }
  const attributes: Record<string, string> = {
    'schedule-arn': scheduleArn,
    'scheduled-time': scheduledTime(invocation),
    'execution-id': executionId,
    'attempt-number': String(attempt),
  }
  return target.Input.replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (text, name: string) => attributes[name] ?? text,
  )
}
