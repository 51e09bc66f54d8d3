/** Makes the calls that our handlers and the wrapper make, and prints what was sent and what came of each answer. */
import { Readable } from 'node:stream'
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'

type Request = Record<'protocol' | 'hostname' | 'method' | 'path', string> & {
  query: object
  headers: Record<string, string>
  body?: string | Uint8Array
}
type Answer = { statusCode: number; headers: Record<string, string>; body: string }

const OK: Answer = { statusCode: 200, headers: {}, body: '{}' }
const refusal = (statusCode: number, name: string, more: object = {}): Answer => ({
  statusCode,
  headers: { 'x-amzn-errortype': name, 'x-amzn-requestid': 'r', 'retry-after': '7' },
  body: JSON.stringify({ __type: name, message: `a ${name}`, Message: `a ${name}`, ...more }),
})

/** Refusals that a client has a class for, those that the protocol tells by name, and what no client knows. */
const ANSWERS = [
  OK,
  refusal(400, 'ResourceNotFoundException'),
  refusal(400, 'ConditionalCheckFailedException', { Item: { task: { S: 'load' } } }),
  refusal(400, 'ResourceAlreadyExistsException'),
  refusal(409, 'ResourceConflictException'),
  refusal(409, 'SnapStartNotReadyException'),
  refusal(429, 'TooManyRequestsException', { Reason: 'ConcurrentInvocationLimitExceeded' }),
  refusal(403, 'ExpiredTokenException'),
  refusal(400, 'NobodyKnowsException'),
  refusal(503, 'ThrottlingException'),
  { statusCode: 502, headers: { 'content-type': 'text/html' }, body: '<html>no gateway</html>' },
]

const printed: object[] = []
let answer = OK
const requestHandler = {
  handle: async ({ protocol, hostname, method, path, query, headers, body }: Request) => {
    const { host, authorization, ...others } = headers
    const told = Object.entries(others).filter(([name]) =>
      /^(content-|x-amz-(?!date$|user-agent$))/.test(name),
    )
    const signedBy = /Credential=(\w+)\/\d+\/(\S+),/.exec(authorization ?? '')?.slice(1)
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body
    printed.push({ protocol, hostname, method, path, query, host, signedBy, told: told.sort(), text })
    const { statusCode, headers: answered, body: content } = answer
    return { response: { statusCode, headers: { ...answered }, body: Readable.from([Buffer.from(content)]) } }
  },
}

type Sends = { send(command: never): Promise<object> }

async function call(client: object, command: object): Promise<void> {
  for (answer of ANSWERS) {
    try {
      const { $metadata, ...output } = (await (client as Sends).send(command as never)) as Record<
        string,
        unknown
      >
      printed.push({ ...output, attempts: ($metadata as { attempts: number }).attempts })
    } catch (error) {
      const { name, message, $metadata, $response, ...others } = error as Error & Record<string, unknown>
      const kinds: string[] = []
      for (let of = Object.getPrototypeOf(error); of !== null; of = Object.getPrototypeOf(of))
        kinds.push(Object.keys(Object.getOwnPropertyDescriptors(of)).join())
      printed.push({
        name,
        message,
        $metadata: { ...($metadata as object), totalRetryDelay: undefined },
        ...others,
        kinds,
      })
    }
  }
}

async function main(): Promise<void> {
  const config = { requestHandler: requestHandler as never }
  const store = DynamoDBDocumentClient.from(new DynamoDBClient(config))
  const key = { task: 'load', run: 'x' }
  await call(store, new GetCommand({ TableName: 't', Key: key, ConsistentRead: true }))
  await call(
    store,
    new UpdateCommand({
      TableName: 't',
      Key: key,
      UpdateExpression: 'SET #a = :a ADD #b :b',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':a': { deep: [1, 'x', null, true] }, ':b': new Set(['one']) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  )
  await call(store, new QueryCommand({ TableName: 't', KeyConditionExpression: '#a = :a', Limit: 1 }))
  const sqs = new SQSClient(config)
  const Entries = [{ Id: '0', MessageBody: '{"ä":1}', DelaySeconds: 3 }]
  await call(sqs, new SendMessageBatchCommand({ QueueUrl: 'https://sqs.x/1/q', Entries }))
  const lambda = new LambdaClient(config)
  const Payload = JSON.stringify({ ä: 1 })
  await call(
    lambda,
    new InvokeCommand({ FunctionName: 'f', Qualifier: '1', InvocationType: 'Event', Payload }),
  )
  const logs = new CloudWatchLogsClient(config)
  const stream = { logGroupName: '/g', logStreamName: 's' }
  await call(logs, new CreateLogStreamCommand(stream))
  await call(logs, new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: 1, message: 'ä' }] }))
  await call(logs, new GetLogEventsCommand({ ...stream, startFromHead: true, limit: 2 }))
  await call(logs, new DescribeLogStreamsCommand({ logGroupName: '/g', logStreamNamePrefix: 's' }))
  await call(new SchedulerClient(config), new GetScheduleCommand({ GroupName: 'g', Name: 'load' }))
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'failed' } }
  await call(
    new SNSClient(config),
    new PublishCommand({ TopicArn: 'arn:x', Message: 'm', MessageAttributes }),
  )
  const event = { Source: 's', DetailType: 'd', Detail: '{}' }
  await call(new EventBridgeClient(config), new PutEventsCommand({ Entries: [event] }))
  process.stdout.write(JSON.stringify(printed, undefined, 1))
}

main()
