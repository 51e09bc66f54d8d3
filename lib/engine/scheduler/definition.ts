import type { FlexibleTimeWindow, RetryPolicy, Target } from '@aws-sdk/client-scheduler'
import { checkTimezone, parseSchedule, ScheduleError } from '../../core/schedule'
import { invalid } from './errors'
import { EVENT_AGE, RETRIES } from './firing/invoker'
import { isSupported } from './firing/sender'
import { matching, oneOf, required, text, time, whole } from './input'
import type { StoredSchedule } from './store/schedule'

const ROLE = /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/
const QUEUE = /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/
const LARGEST_INPUT = 256 * 1024

/** The body of CreateSchedule and UpdateSchedule as it comes, where times are seconds. */
export type DefinitionBody = Record<string, unknown> & { ClientToken?: string; GroupName?: string }

/**
 * What both operations say of a schedule, checked, with the defaults for what they leave out: an update replaces all.
 *
 * @throws {ApiError} ValidationException
 */
export function definitionOf(body: DefinitionBody): StoredSchedule['definition'] {
  const expression = text(body['ScheduleExpression'], 'scheduleExpression', 1, 256)
  const timezone = text(body['ScheduleExpressionTimezone'] ?? 'UTC', 'scheduleExpressionTimezone', 1, 50)
  checkExpression(expression, timezone)
  const definition: StoredSchedule['definition'] = {
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    State: oneOf(body['State'] ?? 'ENABLED', 'state', ['ENABLED', 'DISABLED']),
    FlexibleTimeWindow: windowOf(body['FlexibleTimeWindow'] as FlexibleTimeWindow | undefined),
    ActionAfterCompletion: oneOf(body['ActionAfterCompletion'] ?? 'NONE', 'actionAfterCompletion', [
      'NONE',
      'DELETE',
    ]),
    Target: targetOf(body['Target'] as Target | undefined),
  }
  if (body['StartDate'] !== undefined) definition.StartDate = time(body['StartDate'], 'startDate')
  if (body['EndDate'] !== undefined) definition.EndDate = time(body['EndDate'], 'endDate')
  if (body['Description'] !== undefined)
    definition.Description = text(body['Description'], 'description', 0, 512)
  if (body['KmsKeyArn'] !== undefined) definition.KmsKeyArn = text(body['KmsKeyArn'], 'kmsKeyArn', 1, 2048)
  return definition
}

function checkExpression(expression: string, timezone: string): void {
  try {
    checkTimezone(timezone)
  } catch (error) {
    if (error instanceof ScheduleError) throw invalid(`Invalid Schedule Expression Timezone ${timezone}.`)
    throw error
  }
  try {
    if (parseSchedule(expression, timezone).kind !== 'every') return
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error
  }
  throw invalid(`Invalid Schedule Expression ${expression}.`)
}

function windowOf(input: FlexibleTimeWindow | undefined): FlexibleTimeWindow {
  const mode = oneOf(required(input, 'flexibleTimeWindow').Mode, 'flexibleTimeWindow.mode', [
    'OFF',
    'FLEXIBLE',
  ])
  const minutes = input?.MaximumWindowInMinutes
  if (mode === 'OFF') {
    if (minutes !== undefined) {
      throw invalid('MaximumWindowInMinutes must not be set when the mode of FlexibleTimeWindow is OFF.')
    }
    return { Mode: mode }
  }
  return {
    Mode: mode,
    MaximumWindowInMinutes: whole(minutes, 'flexibleTimeWindow.maximumWindowInMinutes', 1, 1440),
  }
}

/** Targets other than queues and functions, universal ones too, are what the local engine lacks, and it says so. */
function targetOf(input: Target | undefined): Target {
  const target = required(input, 'target')
  const arn = text(target.Arn, 'target.arn', 1, 1600)
  if (!isSupported(arn)) {
    throw invalid(`The local engine's schedules go to SQS queues and Lambda functions only, not to ${arn}.`)
  }
  matching(target.RoleArn, 'target.roleArn', ROLE)
  if (target.Input !== undefined && Buffer.byteLength(target.Input) > LARGEST_INPUT) {
    throw invalid(`Target.Input must have ${LARGEST_INPUT} bytes at most.`)
  }
  if (target.DeadLetterConfig?.Arn !== undefined) {
    matching(target.DeadLetterConfig.Arn, 'target.deadLetterConfig.arn', QUEUE)
  }
  return { ...target, RetryPolicy: retryPolicyOf(target.RetryPolicy ?? {}) }
}

function retryPolicyOf({
  MaximumRetryAttempts = RETRIES,
  MaximumEventAgeInSeconds = EVENT_AGE,
}: RetryPolicy): RetryPolicy {
  const member = 'target.retryPolicy'
  return {
    MaximumRetryAttempts: whole(MaximumRetryAttempts, `${member}.maximumRetryAttempts`, 0, RETRIES),
    MaximumEventAgeInSeconds: whole(
      MaximumEventAgeInSeconds,
      `${member}.maximumEventAgeInSeconds`,
      60,
      EVENT_AGE,
    ),
  }
}
