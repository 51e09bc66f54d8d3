import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda'
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { queryOf } from './partiql'

type Config = {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}
type Kind = 'text' | 'json' | 'number' | 'flag' | 'list'
type Input = Record<string, unknown>
type Run = (config: Config, input: Input) => Promise<unknown>
type Command = {
  options: Record<string, Kind>
  /** `why`: the engine lacks it, so its options are checked and no more. */
  run: Run | { why: string }
}

/** A client for one call. */
function call<Client extends { send(command: never): Promise<unknown>; destroy(): void }>(
  Service: new (config: Config) => Client,
  Operation: new (input: never) => unknown,
): Run {
  return async (config, input) => {
    const client = new Service(config)
    try {
      return await client.send(new Operation(input as never) as never)
    } finally {
      client.destroy()
    }
  }
}

/** The same for what removes something for good: it is made first, so that nothing is lost by it that others look at. */
function made<Client extends { send(command: never): Promise<unknown>; destroy(): void }>(
  make: (input: Input) => unknown,
  Service: new (config: Config) => Client,
  Operation: new (input: never) => unknown,
): Run {
  return async (config, input) => {
    const client = new Service(config)
    try {
      await client.send(make(input) as never)
    } finally {
      client.destroy()
    }
    return call(Service, Operation)(config, input)
  }
}

const makeTable = (input: Input) =>
  new CreateTableCommand({
    TableName: input['TableName'] as string,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'task', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'task', KeyType: 'HASH' }],
  })

const QUERY = {
  'table-name': 'text',
  'key-condition-expression': 'text',
  'filter-expression': 'text',
  'expression-attribute-names': 'json',
  'expression-attribute-values': 'json',
  'projection-expression': 'text',
  'no-scan-index-forward': 'flag',
  limit: 'number',
} as const

const query = call(DynamoDBClient, QueryCommand)

/** Every command of the AWS CLI that a page shows, as the SDK's call of the same name. Another one is added here. */
const COMMANDS: Record<string, Command> = {
  'cloudformation create-change-set': {
    options: {
      'stack-name': 'text',
      'change-set-name': 'text',
      'use-previous-template': 'flag',
      'deployment-mode': 'text',
      capabilities: 'list',
    },
    run: { why: 'the engine has no drift' },
  },
  'cloudformation execute-change-set': {
    options: { 'stack-name': 'text', 'change-set-name': 'text' },
    run: { why: 'the engine has no drift' },
  },
  'cloudformation delete-stack': {
    options: { 'stack-name': 'text', region: 'text' },
    run: call(CloudFormationClient, DeleteStackCommand),
  },
  'cloudformation describe-stacks': {
    options: { 'stack-name': 'text' },
    run: call(CloudFormationClient, DescribeStacksCommand),
  },
  'dynamodb query': { options: QUERY, run: query },
  'dynamodb scan': { options: QUERY, run: call(DynamoDBClient, ScanCommand) },
  'dynamodb delete-table': {
    options: { 'table-name': 'text' },
    run: made(makeTable, DynamoDBClient, DeleteTableCommand),
  },
  'dynamodb get-item': {
    options: { 'table-name': 'text', key: 'json', 'consistent-read': 'flag' },
    run: call(DynamoDBClient, GetItemCommand),
  },
  'dynamodb execute-statement': {
    options: { statement: 'text', limit: 'number' },
    // The engine has no PartiQL: the query that the statement stands for is run in its place.
    run: (config, { Statement }) => query(config, queryOf(String(Statement))),
  },
  'iam create-policy': {
    options: { 'policy-name': 'text', 'policy-document': 'text' },
    run: { why: 'the engine has no IAM' },
  },
  'lambda update-event-source-mapping': {
    options: { uuid: 'text', enabled: 'flag', 'no-enabled': 'flag' },
    run: call(LambdaClient, UpdateEventSourceMappingCommand),
  },
  'logs delete-log-group': {
    options: { 'log-group-name': 'text' },
    run: made(
      (input) => new CreateLogGroupCommand({ logGroupName: input['logGroupName'] as string }),
      CloudWatchLogsClient,
      DeleteLogGroupCommand,
    ),
  },
  'logs get-log-events': {
    options: { 'log-group-name': 'text', 'log-stream-name': 'text', 'start-from-head': 'flag' },
    run: call(CloudWatchLogsClient, GetLogEventsCommand),
  },
  'scheduler get-schedule': {
    options: { 'group-name': 'text', name: 'text' },
    run: call(SchedulerClient, GetScheduleCommand),
  },
  'scheduler list-schedules': {
    options: { 'group-name': 'text' },
    run: call(SchedulerClient, ListSchedulesCommand),
  },
  'sqs get-queue-attributes': {
    options: { 'queue-url': 'text', 'attribute-names': 'list' },
    run: call(SQSClient, GetQueueAttributesCommand),
  },
  'sqs receive-message': {
    options: { 'queue-url': 'text', 'max-number-of-messages': 'number', 'visibility-timeout': 'number' },
    run: call(SQSClient, ReceiveMessageCommand),
  },
  'sqs start-message-move-task': {
    options: { 'source-arn': 'text', 'destination-arn': 'text' },
    run: { why: 'the engine does not move messages' },
  },
  'sts get-caller-identity': { options: {}, run: { why: 'nothing to be told of a dummy account' } },
}

const pascal = (option: string) =>
  option.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
const camel = (option: string) => pascal(option).replace(/^./, (letter) => letter.toLowerCase())

/**
 * Runs `aws …` as the SDK's call of the same name.
 *
 * @throws on a command or an option that the table does not have, and where the call fails
 */
export async function runAws(words: readonly string[], config: Config): Promise<unknown> {
  const [service = '', operation = '', ...rest] = words
  const command = COMMANDS[`${service} ${operation}`]
  if (!command) throw new Error(`aws ${service} ${operation}: not in test/docs/support/aws-cli.ts`)
  const input: Input = {}
  for (let at = 0; at < rest.length; at++) {
    const option = (rest[at] ?? '').replace(/^--/, '')
    // What is done with the answer, and by whom, is the CLI's own.
    if (option === 'query' || option === 'output' || option === 'profile') {
      at++
      continue
    }
    const kind = command.options[option]
    if (kind === undefined || !rest[at]?.startsWith('--'))
      throw new Error(`aws ${service} ${operation}: no option ${rest[at]}`)
    const name = option.replace(/^no-/, '')
    // CloudWatch Logs writes its members with a small letter, the others with a capital one.
    const key = name === 'uuid' ? 'UUID' : service === 'logs' ? camel(name) : pascal(name)
    if (kind === 'flag') input[key] = !option.startsWith('no-')
    else if (kind === 'list') {
      const list: string[] = []
      while (rest[at + 1] !== undefined && !rest[at + 1]?.startsWith('--')) list.push(rest[++at] ?? '')
      input[key] = list
    } else {
      const value = rest[++at] ?? ''
      input[key] = kind === 'json' ? JSON.parse(value) : kind === 'number' ? Number(value) : value
    }
  }
  if (typeof command.run === 'function') return command.run(config, input)
  return undefined
}
