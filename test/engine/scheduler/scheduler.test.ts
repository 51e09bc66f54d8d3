import { type CreateScheduleCommandInput, Scheduler, type ScheduleSummary } from '@aws-sdk/client-scheduler'
import { createScheduler, type SchedulerService } from '../../../lib/engine/scheduler'
import { clientConfig } from '../../support/engine'
import { type Served, serve } from '../support/serve'

const START = '2027-03-01T12:00:30.000Z'

let served: Served<SchedulerService>
let scheduler: Scheduler

beforeEach(async () => {
  served = await serve(createScheduler, { start: START })
  scheduler = new Scheduler({ ...clientConfig(served.endpoint), maxAttempts: 1 })
})

afterEach(async () => {
  scheduler.destroy()
  await served.close()
})

const target = {
  Arn: 'arn:aws:sqs:us-east-1:000000000000:tasks',
  RoleArn: 'arn:aws:iam::000000000000:role/service/scheduler',
  Input: '{"kind":"tick"}',
}
const daily: CreateScheduleCommandInput = {
  Name: 'demo',
  ScheduleExpression: 'cron(0 18 * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: target,
}

describe('schedules', () => {
  test('come back with AWS’s defaults', async () => {
    const { ScheduleArn } = await scheduler.createSchedule(daily)
    expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/demo')
    const { $metadata, ...schedule } = await scheduler.getSchedule({ Name: 'demo' })
    expect(schedule).toEqual({
      Arn: ScheduleArn,
      Name: 'demo',
      GroupName: 'default',
      CreationDate: new Date(START),
      LastModificationDate: new Date(START),
      ScheduleExpression: 'cron(0 18 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'NONE',
      Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 } },
    })
  })

  test('are replaced whole by an update', async () => {
    const StartDate = new Date('2027-04-01T00:00:00Z')
    await scheduler.createSchedule({ ...daily, Description: 'old', State: 'DISABLED', StartDate })
    served.clock.advance(5000)
    await scheduler.updateSchedule({ ...daily, ScheduleExpressionTimezone: 'Asia/Kolkata' })
    const schedule = await scheduler.getSchedule({ Name: 'demo' })
    expect(schedule).toMatchObject({ State: 'ENABLED', ScheduleExpressionTimezone: 'Asia/Kolkata' })
    expect(schedule.Description).toBeUndefined()
    expect(schedule.StartDate).toBeUndefined()
    expect(schedule.LastModificationDate?.getTime()).toBe(Date.parse(START) + 5000)
  })

  test('exist once, but a client that lost the answer may ask again', async () => {
    await scheduler.createSchedule({ ...daily, ClientToken: 'one' })
    await expect(scheduler.createSchedule({ ...daily, ClientToken: 'one' })).resolves.toMatchObject({
      ScheduleArn: expect.stringContaining('default/demo'),
    })
    await expect(scheduler.createSchedule({ ...daily, ClientToken: 'two' })).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Schedule demo already exists.',
    })
  })

  test('that are not there are named', async () => {
    const missing = { name: 'ResourceNotFoundException', message: 'Schedule demo does not exist.' }
    await expect(scheduler.getSchedule({ Name: 'demo' })).rejects.toMatchObject(missing)
    await expect(scheduler.updateSchedule(daily)).rejects.toMatchObject(missing)
    await expect(scheduler.deleteSchedule({ Name: 'demo' })).rejects.toMatchObject(missing)
    await expect(scheduler.createSchedule({ ...daily, GroupName: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule group none does not exist.',
    })
  })

  test('are listed by group, prefix and state, page by page', async () => {
    await scheduler.createScheduleGroup({ Name: 'service-dev' })
    const GroupName = 'service-dev'
    await scheduler.createSchedule({ ...daily, Name: 'b', GroupName })
    await scheduler.createSchedule({ ...daily, Name: 'a1', GroupName, State: 'DISABLED' })
    await scheduler.createSchedule({ ...daily, Name: 'a2', GroupName })
    await scheduler.createSchedule({ ...daily, Name: 'a3' })
    const names = (found: ScheduleSummary[] | undefined) => found?.map(({ Name }) => Name)
    const list = async (input: object) => names((await scheduler.listSchedules(input)).Schedules)
    expect(await list({})).toEqual(['a3', 'a1', 'a2', 'b'])
    expect(await list({ GroupName })).toEqual(['a1', 'a2', 'b'])
    expect(await list({ GroupName, NamePrefix: 'a', State: 'ENABLED' })).toEqual(['a2'])
    const first = await scheduler.listSchedules({ MaxResults: 3 })
    const second = await scheduler.listSchedules({ MaxResults: 3, NextToken: first.NextToken })
    expect([names(first.Schedules), names(second.Schedules)]).toEqual([['a3', 'a1', 'a2'], ['b']])
    expect(second.NextToken).toBeUndefined()
    await expect(scheduler.listSchedules({ GroupName: 'none' })).rejects.toThrow(
      'Schedule group none does not exist.',
    )
  })

  test('survive a restart', async () => {
    await scheduler.createSchedule(daily)
    await served.restart()
    expect((await scheduler.getSchedule({ Name: 'demo' })).ScheduleExpression).toBe('cron(0 18 * * ? *)')
  })
})

describe('what is wrong in a schedule is refused', () => {
  test.each<[Partial<CreateScheduleCommandInput>, string]>([
    [{ ScheduleExpression: 'cron(0 1 * * * *)' }, 'Invalid Schedule Expression cron(0 1 * * * *).'],
    [{ ScheduleExpression: 'rate(10 seconds)' }, 'Invalid Schedule Expression rate(10 seconds).'],
    [{ ScheduleExpression: ' rate(10 minutes)' }, 'Invalid Schedule Expression  rate(10 minutes).'],
    [
      { ScheduleExpression: 'at(2021-12-31T23:59:59Z)' },
      'Invalid Schedule Expression at(2021-12-31T23:59:59Z).',
    ],
    // Ours, which Scheduler does not know.
    [{ ScheduleExpression: 'every 5 minutes' }, 'Invalid Schedule Expression every 5 minutes.'],
    [{ ScheduleExpressionTimezone: 'Mars/Base' }, 'Mars/Base'],
    [
      { Name: 'a b' },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression",
    ],
    [{ FlexibleTimeWindow: undefined }, "Value null at 'flexibleTimeWindow' failed to satisfy constraint"],
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, "'flexibleTimeWindow.maximumWindowInMinutes'"],
    [
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } },
      'less than or equal to 1440',
    ],
    [{ Target: { ...target, RoleArn: 'role' } }, "'target.roleArn'"],
    [{ Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 186 } } }, 'less than or equal to 185'],
    [{ Target: { ...target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } } }, 'greater than or equal to 60'],
    [{ Target: { ...target, Input: 'x'.repeat(262_145) } }, '262144'],
    [
      { Target: { ...target, Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage' } },
      'SQS queues and Lambda functions only, not to arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
    ],
  ])('%j', async (change, message) => {
    await expect(scheduler.createSchedule({ ...daily, ...change })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
    expect((await scheduler.listSchedules({})).Schedules).toEqual([])
  })
})

describe('schedule groups', () => {
  test('are made once, described and listed beside the default one', async () => {
    await scheduler.createScheduleGroup({ Name: 'service-dev' })
    await expect(scheduler.createScheduleGroup({ Name: 'service-dev' })).rejects.toMatchObject({
      name: 'ConflictException',
      message: 'Schedule group service-dev already exists.',
    })
    expect(await scheduler.getScheduleGroup({ Name: 'service-dev' })).toMatchObject({
      Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/service-dev',
      State: 'ACTIVE',
      CreationDate: new Date(START),
    })
    const { ScheduleGroups } = await scheduler.listScheduleGroups({})
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default', 'service-dev'])
  })

  test('take their schedules with them', async () => {
    await scheduler.createScheduleGroup({ Name: 'service-dev' })
    await scheduler.createSchedule({ ...daily, GroupName: 'service-dev' })
    await scheduler.deleteScheduleGroup({ Name: 'service-dev' })
    expect((await scheduler.listSchedules({})).Schedules).toEqual([])
    await expect(scheduler.getScheduleGroup({ Name: 'service-dev' })).rejects.toThrow(
      'Schedule group service-dev does not exist.',
    )
  })

  test('take tags', async () => {
    const { ScheduleGroupArn: ResourceArn } = await scheduler.createScheduleGroup({
      Name: 'service-dev',
      Tags: [{ Key: 'a', Value: '1' }],
    })
    await scheduler.tagResource({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] })
    await scheduler.untagResource({ ResourceArn, TagKeys: ['a'] })
    expect((await scheduler.listTagsForResource({ ResourceArn })).Tags).toEqual([{ Key: 'b', Value: '2' }])
  })
})
