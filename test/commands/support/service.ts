import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateTableCommand, type KeySchemaElement } from '@aws-sdk/client-dynamodb'
import { CreateScheduleCommand, CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler'
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { Clients } from '../../../lib/aws/clients'
import type { CommandName, Options } from '../../../lib/commands/options'
import { COMMANDS } from '../../../lib/commands/table'
import type { Definition } from '../../../lib/core/definition'
import { type Message, SCHEDULED_TIME_PLACEHOLDER } from '../../../lib/core/message'
import { serviceNames } from '../../../lib/core/names'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { startEngine } from '../../../lib/engine/server'
import { clientConfig, temporaryFolder } from '../../support/engine'
import { definitionOf } from '../../support/world'
import { FakeIo } from './io'
import { sessionAt } from './session'

export const NOW = '2026-03-02T10:00:00.000Z'
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:shop-dev-tasks'

export type HandMade = Awaited<ReturnType<typeof startHandMade>>

type Schedule = {
  expression?: string
  timezone?: string
  enabled?: boolean
  everySeconds?: number
  tags?: string[]
  owner?: string
  description?: string
  definition?: Partial<Definition>
  payload?: Record<string, unknown>
}

/**
 * The service shop, stage dev, in an engine whose clock stands at `NOW`: schedules, tables, queues and a log group made
 * by hand. No handler runs, so what commands send stays in the queue and records are what a test puts there.
 */
export async function startHandMade() {
  const data = temporaryFolder()
  const clock = new MovedClock(NOW)
  const engine = await startEngine({ port: 0, dataDir: data.path, clock })
  const config = clientConfig(engine.endpoint)
  const clients = new Clients(config)
  const names = serviceNames('shop', 'dev')
  const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const
  const table = (TableName: string, ...keys: string[]) =>
    clients.dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(attribute),
        KeySchema: keys.map(
          (AttributeName, index): KeySchemaElement => ({
            AttributeName,
            KeyType: index === 0 ? 'HASH' : 'RANGE',
          }),
        ),
      }),
    )
  await table(names.runsTable, 'task', 'run')
  await table(names.locksTable, 'task')
  for (const QueueName of [names.queue, names.deadLetterQueue])
    await clients.sqs.send(new CreateQueueCommand({ QueueName }))
  await clients.scheduler.send(new CreateScheduleGroupCommand({ Name: names.scheduleGroup }))
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: names.logGroup }))

  const put = (TableName: string, Item: Record<string, unknown>) =>
    clients.dynamoDb.send(new PutCommand({ TableName, Item }))

  return {
    engine,
    clock,
    clients,
    names,

    async schedule(task: string, of: Schedule = {}): Promise<void> {
      const message = {
        kind: 'tick',
        task,
        scheduledAt: SCHEDULED_TIME_PLACEHOLDER,
        definition: definitionOf({
          function: `shop-dev-${task}`,
          logGroup: names.logGroup,
          ...of.definition,
        }),
        payload: of.payload,
        everySeconds: of.everySeconds,
        tags: of.tags,
        owner: of.owner,
      }
      await clients.scheduler.send(
        new CreateScheduleCommand({
          Name: task,
          GroupName: names.scheduleGroup,
          Description: of.description,
          State: of.enabled === false ? 'DISABLED' : 'ENABLED',
          ScheduleExpression: of.expression ?? 'cron(0 3 * * ? *)',
          ScheduleExpressionTimezone: of.timezone ?? 'UTC',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: QUEUE_ARN,
            RoleArn: 'arn:aws:iam::000000000000:role/r',
            Input: JSON.stringify(message),
          },
        }),
      )
    },

    /** A record with what every record has, and these. */
    async run(task: string, run: string, fields: Partial<RunRecord> = {}): Promise<void> {
      await put(names.runsTable, {
        task,
        run,
        status: 'SUCCEEDED',
        trigger: 'schedule',
        scheduledAt: run,
        function: `shop-dev-${task}`,
        qualifier: '$LATEST',
        logGroup: names.logGroup,
        keepFor: 2_592_000,
        definition: definitionOf({ logGroup: names.logGroup }),
        ...fields,
      })
    },

    lock: (task: string, item: Record<string, unknown>) =>
      put(names.locksTable, { task, v: 1, slots: {}, ...item }),

    async stream(logStreamName: string, lines: string[], at = Date.parse(NOW) - 60_000): Promise<void> {
      await clients.logs.send(new CreateLogStreamCommand({ logGroupName: names.logGroup, logStreamName }))
      const logEvents = lines.map((message, index) => ({ timestamp: at + index, message }))
      await clients.logs.send(
        new PutLogEventsCommand({ logGroupName: names.logGroup, logStreamName, logEvents }),
      )
    },

    /** The messages that were sent since the last look. */
    async sent(): Promise<Message[]> {
      const QueueUrl = await clients.queueUrl(names.queue)
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 }),
      )
      return Messages.map(({ Body = '' }) => JSON.parse(Body) as Message)
    },

    /** Runs a command as at `NOW` and gives what it wrote; what it throws is thrown. */
    async command<Name extends CommandName>(name: Name, options: Options<Name> = {}, io = new FakeIo()) {
      const session = sessionAt(engine.endpoint, io, () => Date.parse(NOW))
      try {
        const code = await COMMANDS[name].run(session, options)
        return { code, out: io.data, say: io.talk, io }
      } finally {
        session.close()
      }
    },

    async close(): Promise<void> {
      clients.close()
      await engine.close()
      clock.close()
      data.remove()
    },
  }
}
