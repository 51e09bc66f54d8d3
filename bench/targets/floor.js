/**
 * The calls of a run without our code: bare functions on the same engine, with what the runs of our own are compared.
 * A message on the queue names the calls to make, in order; a log line names them for the function that is subscribed.
 */
const { appendFileSync } = require('node:fs')
const { gunzipSync } = require('node:zlib')
const {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} = require('@aws-sdk/client-cloudwatch-logs')
const { DynamoDBClient, GetItemCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb')
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda')
const { SendMessageBatchCommand, SQSClient } = require('@aws-sdk/client-sqs')

const { FLOOR_TABLE, FLOOR_QUEUE, FLOOR_TARGET, FLOOR_LOG_GROUP } = process.env
const dynamoDb = new DynamoDBClient({})
const sqs = new SQSClient({})
const lambda = new LambdaClient({ maxAttempts: 1 })
const logs = new CloudWatchLogsClient({})

/** As long as a run's record. */
const FILLER = 'x'.repeat(700)
const now = () => performance.timeOrigin + performance.now()

const CALLS = {
  update: ({ id }) =>
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: FLOOR_TABLE,
        Key: { id: { S: id } },
        UpdateExpression: 'SET filler = :filler',
        ConditionExpression: 'attribute_not_exists(never)',
        ExpressionAttributeValues: { ':filler': { S: FILLER } },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  read: ({ id }) =>
    dynamoDb.send(
      new GetItemCommand({ TableName: FLOOR_TABLE, Key: { id: { S: id } }, ConsistentRead: true }),
    ),
  /** A message that nobody waits for, as a deadline. */
  send: () => send({ calls: [] }, 900),
  next: ({ next }) => (next ? send(next, 0) : undefined),
  invoke: (message) =>
    lambda.send(
      new InvokeCommand({
        FunctionName: FLOOR_TARGET,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(message)),
      }),
    ),
  createStream: ({ stream }) =>
    logs.send(new CreateLogStreamCommand({ logGroupName: FLOOR_LOG_GROUP, logStreamName: stream })),
  putStart: (message) => put(message, ['start']),
  putEnd: (message) => put(message, ['a line', `end ${JSON.stringify(message)}`]),
}

function send(message, DelaySeconds) {
  const Entries = [{ Id: '0', MessageBody: JSON.stringify(message), DelaySeconds }]
  return sqs.send(new SendMessageBatchCommand({ QueueUrl: FLOOR_QUEUE, Entries }))
}

function put({ stream }, messages) {
  const logEvents = messages.map((message) => ({ timestamp: Date.now(), message }))
  return logs.send(
    new PutLogEventsCommand({ logGroupName: FLOOR_LOG_GROUP, logStreamName: stream, logEvents }),
  )
}

async function make(calls, message) {
  for (const call of calls) await CALLS[call](message)
}

/** By the queue. */
exports.queue = async ({ Records }) => {
  const entered = now()
  for (const { body } of Records) {
    const message = JSON.parse(body)
    if (message.stamp) appendFileSync(message.stamp, `${entered}\n`)
    await make(message.calls, message)
  }
}

/** Invoked asynchronously. */
exports.target = async (message) => {
  if (message.stamp) appendFileSync(message.stamp, `${now()}\n`)
  await make(message.target ?? [], message)
}

/** By the subscription filter. */
exports.subscriber = async ({ awslogs }) => {
  const { messageType, logEvents } = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')))
  if (messageType !== 'DATA_MESSAGE') return
  for (const { message } of logEvents) {
    const end = JSON.parse(message.slice('end '.length))
    await make(end.subscriber, end)
    if (end.ended) appendFileSync(end.ended, `${now()}\n`)
  }
}

/** Makes each of the calls once and tells how many milliseconds it took. */
exports.times = async ({ calls, ...message }) => {
  const took = []
  for (const call of calls) {
    const began = now()
    await CALLS[call](message)
    took.push(now() - began)
  }
  return took
}
