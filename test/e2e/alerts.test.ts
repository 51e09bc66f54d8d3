import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler'
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { Clients } from '../../lib/aws/clients'
import { watchAlerts } from '../../lib/commands/dev/alerts'
import { stateOf } from '../../lib/core/alerts/state'
import type { TickMessage } from '../../lib/core/message'
import { manualRun } from '../../lib/core/requests'
import { runJson } from '../../lib/core/run-json'
import { clientConfig } from '../support/engine'
import { TestService } from './support/service'
import { startWebhook } from './support/webhook'
import { startWorld, type World } from './support/world'

jest.setTimeout(120_000)

const MINUTE = 60_000

describe('alerts of a deployed service', () => {
  let service: TestService
  let world: World
  let webhook: Awaited<ReturnType<typeof startWebhook>>

  beforeAll(async () => {
    world = await startWorld('alerting')
    webhook = await startWebhook()
    service = new TestService().copy('test/fixtures/targets', 'targets').configure({
      service: 'alerting',
      provider: { name: 'aws', runtime: 'nodejs22.x', memorySize: 256, timeout: 30 },
      plugins: ['serverless-slipstream'],
      functions: { say: { handler: 'targets/say.handler' } },
      slipstream: { alerts: { webhook: webhook.url } },
      resources: {
        Resources: {
          Team: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'team' } },
          Heard: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
          Hears: {
            Type: 'AWS::SNS::Subscription',
            Properties: {
              TopicArn: { Ref: 'Team' },
              Protocol: 'sqs',
              Endpoint: { 'Fn::GetAtt': ['Heard', 'Arn'] },
            },
          },
        },
      },
      tasks: {
        breaks: {
          function: 'say',
          schedule: 'at(2199-01-01T00:00:00)',
          payload: { lines: ['ERROR no disk'] },
        },
        everywhere: {
          function: 'say',
          schedule: 'at(2199-01-01T00:00:00)',
          payload: { lines: ['ERROR no disk'] },
          alerts: { topic: { Ref: 'Team' }, events: true, on: ['failed'] },
        },
        elsewhere: {
          function: 'say',
          schedule: 'at(2199-01-01T00:00:00)',
          payload: { lines: ['ERROR no disk'] },
          alerts: { webhook: 'https://hooks.example.org/SECRET', on: ['failed'] },
        },
        hourly: { function: 'say', schedule: 'every 10 minutes' },
        quiet: { function: 'say', schedule: 'every 10 minutes', alerts: false },
      },
    })
    await service.sls(world.engine.endpoint, 'deploy')
  }, 60_000)
  afterAll(async () => {
    await world?.close()
    await webhook?.close()
    service?.remove()
  })

  const told = (about: string) => webhook.texts.filter((text) => text.includes(about))

  const schedule = (Name: string) =>
    world.scheduler.send(new GetScheduleCommand({ GroupName: world.names.scheduleGroup, Name }))

  /** The stream of the alerter's process. */
  async function ownStream(): Promise<string | undefined> {
    const { logStreams = [] } = await world.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: '/aws/lambda/alerting-dev-slipstreamAlerter' }),
    )
    return logStreams[0]?.logStreamName
  }

  it('says once that a task fails, and that it is good again after a run by hand', async () => {
    const { record } = await world.runOnce('breaks')
    const [text] = await world.until(async () => (told('breaks').length > 0 ? told('breaks') : undefined))
    expect(text).toBe(
      [
        ':red_circle: *failed: breaks (alerting-dev)*',
        `tick ${record.scheduledAt}`,
        'FAILED: line 1 matched failOn ERROR: ERROR no disk',
        '```ERROR no disk```',
        `\`sls tasks logs --task breaks --run ${record.run} --stage dev\``,
      ].join('\n'),
    )

    await world.advance(1000)
    await world.runOnce('breaks')
    expect(told('breaks')).toHaveLength(1)

    const { definition } = JSON.parse((await schedule('breaks')).Target?.Input ?? '') as TickMessage
    const asked = manualRun(
      { task: 'breaks', definition, payload: { lines: ['fine'] } },
      { now: world.clock.now(), salt: 1 },
    )
    await world.sqs.send(
      new SendMessageCommand({
        QueueUrl: world.queueUrl(world.names.queue),
        MessageBody: JSON.stringify(asked),
      }),
    )
    await world.until(async () => told('breaks').length > 1)
    expect(told('breaks').slice(1)).toEqual([
      expect.stringMatching(/recovered: breaks.*\n.*\nSUCCEEDED, after failed since/),
    ])
  })

  it('tells a topic, the event bus and a webhook, and tries again the one that did not take it', async () => {
    const events: unknown[] = []
    const end = world.engine.onCall(({ service: name, request }) => {
      if (name === 'events') events.push(...JSON.parse(request.body.toString()).Entries)
    })
    webhook.answer(500)
    const { record } = await world.runOnce('everywhere')
    await world.until(async () => events.length > 0)
    const heard = async () => {
      const { Messages = [] } = await world.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: world.queueUrl('heard'), VisibilityTimeout: 0 }),
      )
      return Messages[0]?.Body
    }
    expect(JSON.parse(await world.until(heard))).toMatchObject({
      Subject: 'failed: everywhere (alerting-dev)',
      Message: expect.stringContaining('\n  ERROR no disk\n'),
      MessageAttributes: { kind: { Value: 'failed' }, task: { Value: 'everywhere' } },
    })
    expect(events).toEqual([
      expect.objectContaining({ Source: 'slipstream', DetailType: 'Slipstream Run State Change' }),
    ])
    const { Detail } = events[0] as { Detail: string }
    expect(JSON.parse(Detail)).toEqual({
      version: 1,
      service: 'alerting-dev',
      kind: 'failed',
      task: 'everywhere',
      tick: record.scheduledAt,
      reminder: false,
      sentence: 'FAILED: line 1 matched failOn ERROR: ERROR no disk',
      lines: ['ERROR no disk'],
      command: `sls tasks logs --task everywhere --run ${record.run} --stage dev`,
      run: runJson(record),
    })

    expect(told('everywhere')).toEqual([])
    webhook.answer(200)
    await world.until(async () => told('everywhere').length > 0, { step: 10_000 })
    for (let minute = 0; minute < 4; minute++) await world.advance(MINUTE)
    end()
    expect(events).toHaveLength(1)
    expect(told('everywhere')).toHaveLength(1)
  })

  it('is shown by dev, which posts to no other machine', async () => {
    const clients = new Clients(clientConfig(world.engine.endpoint))
    const said: string[] = []
    const end = watchAlerts(
      world.engine,
      { clients, names: world.names, stage: 'dev' },
      (line) => void said.push(line),
      (error) => void said.push(String(error)),
    )
    await world.advance(1000)
    const { record } = await world.runOnce('elsewhere')
    await world.until(async () => said.length > 0)
    await world.until(async () => Object.keys(stateOf(await world.lock('elsewhere')).owed).length === 0)
    end()
    clients.close()
    expect(said).toEqual([
      'Alert to webhook hooks.example.org (not posted from this machine)',
      '  failed: elsewhere (alerting-dev)',
      `  tick ${record.scheduledAt}`,
      '  FAILED: line 1 matched failOn ERROR: ERROR no disk',
      '    ERROR no disk',
      `  more: sls tasks logs --task elsewhere --run ${record.run} --stage dev`,
    ])
  })

  it('keeps an address out of every record, schedule and log', async () => {
    const kept = JSON.stringify([
      await world.runs('everywhere'),
      await world.lock('everywhere'),
      await schedule('everywhere'),
      await schedule('slipstream.watch'),
      await world.lines('/aws/lambda/alerting-dev-slipstreamAlerter', await ownStream()),
    ])
    // Nothing failed in it but what the webhook was told to.
    expect(
      kept
        .split('not done')
        .slice(1)
        .filter((text) => !text.includes('Undelivered')),
    ).toEqual([])
    expect(kept).not.toContain(webhook.url)
    expect(kept).toContain('not delivered')
  })

  it('says once that ticks are missed when somebody has disabled the schedule, of the task that asks for it', async () => {
    await world.until(async () => (await world.runs('hourly')).length > 0, {
      step: MINUTE,
      limit: 30 * MINUTE,
    })
    for (const name of ['hourly', 'quiet']) {
      const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = await schedule(name)
      await world.scheduler.send(
        new UpdateScheduleCommand({
          Name,
          GroupName,
          ScheduleExpression,
          FlexibleTimeWindow,
          Target,
          State: 'DISABLED',
        }),
      )
    }
    await world.until(async () => told('missed').length > 0, { step: MINUTE, limit: 40 * MINUTE })
    for (let minute = 0; minute < 20; minute++) await world.advance(MINUTE)
    expect(told('missed')).toEqual([
      expect.stringMatching(
        /missed: hourly .*\n.*\nMISSED: the tick \S+ has no run; its schedule is disabled/,
      ),
    ])
  })
})
