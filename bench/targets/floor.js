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
const {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} = require('@aws-sdk/client-dynamodb')
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda')
const { SendMessageBatchCommand, SQSClient } = require('@aws-sdk/client-sqs')

const { FLOOR_TABLE, FLOOR_QUEUE, FLOOR_TARGET, FLOOR_LOG_GROUP } = process.env
const dynamoDb = new DynamoDBClient({})
const sqs = new SQSClient({})
const lambda = new LambdaClient({ maxAttempts: 1 })
const logs = new CloudWatchLogsClient({})

/** As long as a run's record. */
const FILLER = 'x'.repeat(700)
/** Attributes of a run's record that its first write sets, and that it removes. */
const SET = Array.from({ length: 15 }, (_, index) => `s${index}`)
const REMOVED = Array.from({ length: 5 }, (_, index) => `r${index}`)
const now = () => performance.timeOrigin + performance.now()

const names = (all) => Object.fromEntries(all.map((name) => [`#${name}`, name]))

const CALLS = {
  /** A lock with nobody in it; what the next call finds. */
  unlock: ({ id }) =>
    dynamoDb.send(
      new PutItemCommand({
        TableName: FLOOR_TABLE,
        Item: { id: { S: id }, slots: { M: {} }, v: { N: '1' } },
      }),
    ),
  /** The two writes of a run that starts, with expressions as long as ours. */
  grant: ({ id, stream }) =>
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: FLOOR_TABLE,
        Key: { id: { S: id } },
        UpdateExpression:
          'SET #slots.#run = :until, #concurrency = :limit, #functionTimeout = :timeout, #asOf = :until ADD #v :one',
        ConditionExpression:
          'attribute_exists(#slots) AND attribute_not_exists(#slots.#run) AND size(#slots) < :limit AND attribute_not_exists(#waiting) AND attribute_not_exists(#paused) AND (attribute_not_exists(#asOf) OR #asOf < :next)',
        ExpressionAttributeNames: {
          ...names(['slots', 'concurrency', 'functionTimeout', 'asOf', 'v', 'waiting', 'paused']),
          '#run': stream,
        },
        ExpressionAttributeValues: {
          ':until': { N: String(Date.now()) },
          ':next': { N: String(Date.now() + 1) },
          ':limit': { N: '1' },
          ':timeout': { N: '60' },
          ':one': { N: '1' },
        },
        ReturnValues: 'ALL_NEW',
      }),
    ),
  record: ({ stream }) =>
    dynamoDb.send(
      new UpdateItemCommand({
        TableName: FLOOR_TABLE,
        Key: { id: { S: stream } },
        UpdateExpression: `SET ${SET.map((name) => `#${name} = :${name}`).join(', ')} REMOVE ${REMOVED.map((name) => `#${name}`).join(', ')}`,
        ConditionExpression: 'attribute_not_exists(#id) OR #s0 = :s1',
        ExpressionAttributeNames: names([...SET, ...REMOVED, 'id']),
        ExpressionAttributeValues: Object.fromEntries(
          SET.map((name) => [`:${name}`, { S: FILLER.slice(0, FILLER.length / SET.length) }]),
        ),
        ReturnValues: 'ALL_NEW',
      }),
    ),
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
