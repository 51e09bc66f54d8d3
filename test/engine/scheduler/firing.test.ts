import { createHash } from 'node:crypto'
import { type CreateScheduleCommandInput, Scheduler } from '@aws-sdk/client-scheduler'
import { ApiError, type ApiRequest, type ApiResponse } from '../../../lib/engine/api'
import type { Clock } from '../../../lib/engine/clock'
import type { MovedClock } from '../../../lib/engine/moved-clock'
import { createScheduler, type SchedulerService } from '../../../lib/engine/scheduler'
import { clientConfig } from '../../support/engine'
import { advanceUntil } from '../../support/time'
import { type Served, StandIn, serve } from '../support/serve'

const START = '2027-03-01T12:00:30.000Z'
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const json = (request: ApiRequest) => JSON.parse(request.body.toString())
const operation = (request: ApiRequest) => request.headers['x-amz-target']?.split('.')[1]

/** SQS as far as Scheduler uses it. */
function queues(request: ApiRequest): ApiResponse {
  const { QueueName, MessageBody, MessageAttributes } = json(request)
  if (operation(request) === 'GetQueueUrl') {
    return { status: 200, body: JSON.stringify({ QueueUrl: `http://127.0.0.1/000000000000/${QueueName}` }) }
  }
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
  return {
    status: 200,
    body: JSON.stringify({ MessageId: '1', MD5OfMessageBody, ...(MessageAttributes && {}) }),
  }
}

const fail = (code: string, status: number) => () => {
  throw new ApiError(code, `${code} it is`, status)
}

/** By how much the machine's time went on while timers stood still. */
let asleep: number
let sqs: StandIn
let lambda: StandIn
let served: Served<SchedulerService>
let scheduler: Scheduler

beforeEach(async () => {
  sqs = new StandIn('sqs', 'awsJson1_0', queues)
  lambda = new StandIn('lambda', 'restJson1', () => ({ status: 202 }))
  asleep = 0
  const clockOf = (moved: MovedClock): Clock => ({
    now: () => moved.now() + asleep,
    at: (time, fn) => moved.at(time - asleep, fn),
  })
  served = await serve(createScheduler, { start: START, others: [sqs, lambda], clockOf })
  scheduler = new Scheduler({ ...clientConfig(served.endpoint), maxAttempts: 1 })
})

afterEach(async () => {
  scheduler.destroy()
  await served.close()
})

const ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/demo'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:tasks'
const target = {
  Arn: QUEUE,
  RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
  Input: '<aws.scheduler.scheduled-time>',
}
const schedule = (ScheduleExpression: string, change: Partial<CreateScheduleCommandInput> = {}) => ({
  Name: 'demo',
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: target,
  ...change,
})

const sent = () => sqs.requests.filter((request) => operation(request) === 'SendMessage').map(json)
const bodies = () => sent().map(({ MessageBody }) => MessageBody)
const until = (count: number, step = MINUTE) =>
  advanceUntil(served.clock, () => sent().length >= count, { step, limit: 72 * HOUR })
/** Passes time in which nothing is expected to be sent. */
const pass = async (ms: number) => {
  const end = served.clock.now() + ms
  await advanceUntil(served.clock, () => served.clock.now() >= end, { step: ms / 4, limit: ms })
}

test('a cron fires at each of its times', async () => {
  await scheduler.createSchedule(schedule('cron(* * * * ? *)'))
  await until(3)
  expect(bodies()).toEqual(['2027-03-01T12:01:00Z', '2027-03-01T12:02:00Z', '2027-03-01T12:03:00Z'])
})

test('a tick is fired as late as the engine is told to, with the time at which it was due', async () => {
  await served.close()
  served = await serve((context) => createScheduler(context, 7000), { start: START, others: [sqs, lambda] })
  scheduler.destroy()
  scheduler = new Scheduler({ ...clientConfig(served.endpoint), maxAttempts: 1 })
  await scheduler.createSchedule(schedule('cron(* * * * ? *)'))
  await until(1, 1000)
  expect(bodies()).toEqual(['2027-03-01T12:01:00Z'])
  expect(served.clock.now()).toBe(Date.parse('2027-03-01T12:01:07Z'))
})

test('a cron follows its time zone over a change of the clocks', async () => {
  served.clock.advanceTo(Date.parse('2027-03-27T00:00:00Z'))
  await scheduler.createSchedule(
    schedule('cron(30 2 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' }),
  )
  await until(2, HOUR / 2)
  expect(bodies()).toEqual(['2027-03-27T01:30:00Z', '2027-03-29T00:30:00Z'])
})

test('a rate fires at once and then by its own phase', async () => {
  await scheduler.createSchedule(schedule('rate(5 minutes)'))
  await until(3)
  expect(bodies()).toEqual(['2027-03-01T12:00:30Z', '2027-03-01T12:05:30Z', '2027-03-01T12:10:30Z'])
})

test('a rate with a StartDate fires first then, and last at its EndDate', async () => {
  await scheduler.createSchedule(
    schedule('rate(5 minutes)', {
      StartDate: new Date('2027-03-01T12:03:00Z'),
      EndDate: new Date('2027-03-01T12:08:00Z'),
      ActionAfterCompletion: 'DELETE',
    }),
  )
  await until(2)
  await pass(10 * MINUTE)
  expect(bodies()).toEqual(['2027-03-01T12:03:00Z', '2027-03-01T12:08:00Z'])
  expect((await scheduler.listSchedules({})).Schedules).toEqual([])
})

test('a one-time schedule fires once, and is deleted where that is asked for', async () => {
  await scheduler.createSchedule(
    schedule('at(2027-03-01T23:02:00)', { ScheduleExpressionTimezone: 'Australia/Sydney' }),
  )
  await scheduler.createSchedule(
    schedule('at(2027-03-01T12:02:00)', { Name: 'gone', ActionAfterCompletion: 'DELETE' }),
  )
  await until(2)
  await pass(10 * MINUTE)
  expect(bodies()).toEqual(['2027-03-01T12:02:00Z', '2027-03-01T12:02:00Z'])
  expect((await scheduler.listSchedules({})).Schedules?.map(({ Name }) => Name)).toEqual(['demo'])
  await served.restart()
  await pass(10 * MINUTE)
  expect(bodies()).toHaveLength(2)
})

test('a one-time schedule whose time was over when it was made does not fire', async () => {
  await scheduler.createSchedule(schedule('at(2027-03-01T11:00:00)'))
  await pass(HOUR)
  expect(bodies()).toEqual([])
})

test('a disabled schedule does not fire until it is enabled', async () => {
  await scheduler.createSchedule(schedule('cron(* * * * ? *)', { State: 'DISABLED' }))
  await pass(5 * MINUTE)
  expect(bodies()).toEqual([])
  await scheduler.updateSchedule(schedule('cron(* * * * ? *)'))
  await until(1)
  expect(bodies()).toEqual(['2027-03-01T12:06:00Z'])
})

test('an updated schedule follows its new expression only, and a deleted one none', async () => {
  await scheduler.createSchedule(schedule('cron(* * * * ? *)'))
  await until(1)
  await scheduler.updateSchedule(schedule('cron(30 * * * ? *)'))
  await until(2)
  expect(bodies()).toEqual(['2027-03-01T12:01:00Z', '2027-03-01T12:30:00Z'])
  await scheduler.deleteSchedule({ Name: 'demo' })
  await pass(2 * HOUR)
  expect(bodies()).toHaveLength(2)
})

test('the context attributes are filled in, also inside JSON text', async () => {
  const Input =
    '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>","id":"<aws.scheduler.execution-id>",' +
    '"attempt":<aws.scheduler.attempt-number>,"other":"<aws.scheduler.unknown>"}'
  await scheduler.createSchedule(
    schedule('cron(* * * * ? *)', {
      Target: { ...target, Input, SqsParameters: { MessageGroupId: 'demo' } },
    }),
  )
  await until(1)
  expect(JSON.parse(bodies()[0])).toEqual({
    at: '2027-03-01T12:01:00Z',
    arn: ARN,
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    attempt: 1,
    other: '<aws.scheduler.unknown>',
  })
  expect(sent()[0]).toMatchObject({
    QueueUrl: expect.stringContaining('/tasks'),
    MessageGroupId: 'demo',
  })
})

test('without an Input the target gets AWS’s notification', async () => {
  const { Input, ...bare } = target
  await scheduler.createSchedule(schedule('cron(* * * * ? *)', { Target: bare }))
  await until(1)
  expect(JSON.parse(bodies()[0])).toMatchObject({
    source: 'aws.scheduler',
    time: '2027-03-01T12:01:00Z',
    resources: [ARN],
  })
})

test('a function is invoked asynchronously with the Input', async () => {
  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:demo'
  await scheduler.createSchedule(
    schedule('cron(* * * * ? *)', { Target: { ...target, Arn, Input: '{"a":1}' } }),
  )
  await advanceUntil(served.clock, () => lambda.requests.length > 0, { step: MINUTE })
  expect(lambda.requests[0]?.headers['x-amz-invocation-type']).toBe('Event')
  expect(lambda.requests[0]?.path).toContain(encodeURIComponent(Arn))
  expect(json(lambda.requests[0] as ApiRequest)).toEqual({ a: 1 })
})

test('a target that fails is tried again with the next attempt number, also after a restart', async () => {
  sqs.answer = fail('InternalFailure', 500)
  const Input = '<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>'
  await scheduler.createSchedule(schedule('at(2027-03-01T12:01:00)', { Target: { ...target, Input } }))
  await advanceUntil(served.clock, () => sqs.requests.length >= 2)
  await served.restart()
  sqs.answer = queues
  await until(1, SECOND)
  expect(bodies()[0]).toMatch(/^2027-03-01T12:01:00Z [2-4]$/)
  await pass(HOUR)
  expect(bodies()).toHaveLength(1)
})

describe('what cannot be delivered', () => {
  const deadLetters = (request: ApiRequest) => {
    if (operation(request) === 'GetQueueUrl' && json(request).QueueName === 'tasks') throw failure
    return queues(request)
  }
  let failure: ApiError
  const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 }
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:tasks-dlq' }
  const attributes = () =>
    Object.fromEntries(
      Object.entries(sent()[0].MessageAttributes as Record<string, { StringValue: string }>).map(
        ([name, value]) => [name, value.StringValue],
      ),
    )

  test.each([
    [RetryPolicy, 'MaximumRetryAttempts', /^2$/],
    [{ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 60 }, 'MaximumEventAgeInSeconds', /^[3-5]$/],
  ])('goes to the dead-letter queue when %j is used up', async (policy, condition, retries) => {
    failure = new ApiError('ThrottlingException', 'Rate exceeded', 429)
    sqs.answer = deadLetters
    await scheduler.createSchedule(
      schedule('at(2027-03-01T12:01:00)', { Target: { ...target, RetryPolicy: policy, DeadLetterConfig } }),
    )
    await until(1, 2 * SECOND)
    expect(bodies()).toEqual(['2027-03-01T12:01:00Z'])
    expect(sent()[0].QueueUrl).toContain('/tasks-dlq')
    expect(attributes()).toEqual({
      ERROR_CODE: 'ThrottlingException',
      ERROR_MESSAGE: 'Rate exceeded',
      EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
      EXHAUSTED_RETRY_CONDITION: condition,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: expect.stringMatching(retries),
      SCHEDULED_TIME: '2027-03-01T12:01:00Z',
      SCHEDULE_ARN: ARN,
      TARGET_ARN: QUEUE,
    })
  })

  test('goes there at once when another try could not help', async () => {
    failure = new ApiError('QueueDoesNotExist', 'no such queue', 400)
    sqs.answer = deadLetters
    await scheduler.createSchedule(
      schedule('at(2027-03-01T12:01:00)', { Target: { ...target, RetryPolicy, DeadLetterConfig } }),
    )
    await until(1)
    expect(attributes()).toMatchObject({ ERROR_CODE: 'QueueDoesNotExist', RETRY_ATTEMPTS: '0' })
    expect(attributes()).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION')
  })

  test('is said where there is no dead-letter queue', async () => {
    sqs.answer = fail('AccessDeniedException', 403)
    await scheduler.createSchedule(schedule('at(2027-03-01T12:01:00)'))
    await advanceUntil(served.clock, () => served.warnings.length > 0)
    expect(served.warnings[0]).toContain(`the tick 2027-03-01T12:01:00Z of ${ARN} did not reach ${QUEUE}`)
  })
})

test('ticks that passed while the engine was down are not made up for', async () => {
  await scheduler.createSchedule(schedule('cron(* * * * ? *)'))
  await until(1)
  await served.service.close()
  served.clock.advance(HOUR)
  await served.restart()
  await until(2)
  expect(bodies()).toEqual([
    '2027-03-01T12:01:00Z',
    `2027-03-01T13:0${new Date(served.clock.now()).getUTCMinutes()}:00Z`,
  ])
})

test('nor are those that the machine slept through, but for a one-time schedule', async () => {
  await scheduler.createSchedule(schedule('cron(* * * * ? *)'))
  await scheduler.createSchedule(schedule('at(2027-03-01T12:10:00)', { Name: 'once' }))
  await until(1)
  asleep = 8 * HOUR
  await until(3)
  expect(bodies()[0]).toBe('2027-03-01T12:01:00Z')
  expect(bodies().filter((body) => body < '2027-03-01T20:00:00Z')).toEqual(['2027-03-01T12:01:00Z'])
  await advanceUntil(served.clock, () => bodies().includes('2027-03-01T12:10:00Z'), { step: MINUTE })
})

test('a rate keeps its phase over a restart', async () => {
  await scheduler.createSchedule(schedule('rate(5 minutes)'))
  await until(1)
  await served.restart()
  await until(2)
  expect(bodies()).toEqual(['2027-03-01T12:00:30Z', '2027-03-01T12:05:30Z'])
})

test('one tick can be sent by hand, whatever the schedule says', async () => {
  await scheduler.createSchedule(schedule('cron(0 0 1 1 ? *)', { State: 'DISABLED' }))
  await served.service.fireNow('default', 'demo', Date.parse('2027-03-01T11:59:00Z'))
  expect(bodies()).toEqual(['2027-03-01T11:59:00Z'])
  await expect(served.service.fireNow('default', 'none', 0)).rejects.toThrow('Schedule none does not exist.')
})
