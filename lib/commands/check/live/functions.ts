/**
 * What the probe's functions do, as CloudFormation takes it inline: `index.js`, with nothing beside it but the AWS SDK
 * that Lambda's Node.js brings along. Plain JavaScript, because it runs there as it stands.
 */
export const SOURCE = `
const { gunzipSync } = require('node:zlib')
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs')
const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda')
const logs = require('@aws-sdk/client-cloudwatch-logs')
const { RESULTS, HOPS, LAST_HOP, FOREIGN, LOG_GROUP } = process.env
const sqs = new SQSClient({})
const lambda = new LambdaClient({})
// As the dispatcher invokes a function that is deployed elsewhere.
lambda.middlewareStack.remove('recursionDetectionMiddleware')
const send = (QueueUrl, body) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }))
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

exports.sink = (event) =>
  send(RESULTS, event.awslogs
    ? { kind: 'delivery', delivery: JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64'))) }
    : { kind: 'report', report: event })

exports.target = async ({ body, seconds }) => {
  if (body === 'throw') throw new TypeError('thrown by the probe')
  if (body === 'exit') process.exit(3)
  if (body === 'fill-memory') {
    const kept = []
    for (;;) kept.push(new Array(1e6).fill(kept.length))
  }
  if (body === 'sleep') await sleep(seconds)
  // Invokes itself first, so that the second invocation finds the only slot taken for certain.
  if (body === 'block') {
    const { $metadata } = await lambda.send(
      new InvokeCommand({
        FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        InvocationType: 'Event',
        Payload: JSON.stringify({ body: 'throw' }),
      }),
    )
    await send(RESULTS, { kind: 'blocked', requestId: $metadata.requestId })
    await sleep(seconds)
  }
}

exports.loop = async ({ Records }) => {
  for (const { body } of Records) {
    const { hop } = JSON.parse(body)
    await send(RESULTS, { kind: 'hop', hop })
    await lambda.send(
      new InvokeCommand({ FunctionName: FOREIGN, InvocationType: 'Event', Payload: JSON.stringify({ hop }) }),
    )
    if (hop < Number(LAST_HOP)) await send(HOPS, { hop: hop + 1 })
  }
}

exports.foreign = ({ hop }) => send(RESULTS, { kind: 'foreign', hop })

exports.streams = async ({ logStreamName, message }) => {
  const client = new logs.CloudWatchLogsClient({ maxAttempts: 1 })
  const at = { logGroupName: LOG_GROUP, logStreamName }
  const before = Date.now()
  const answers = await Promise.allSettled(
    Array.from({ length: 12 }, () => client.send(new logs.CreateLogStreamCommand(at))),
  )
  const { logStreams } = await client.send(
    new logs.DescribeLogStreamsCommand({ logGroupName: LOG_GROUP, logStreamNamePrefix: logStreamName }),
  )
  await client.send(new logs.PutLogEventsCommand({ ...at, logEvents: [{ timestamp: Date.now(), message }] }))
  const put = Date.now()
  let events = []
  while (events.length === 0 && Date.now() < put + 120000) {
    events = (await client.send(new logs.GetLogEventsCommand({ ...at, startFromHead: true }))).events
    if (events.length === 0) await sleep(0.5)
  }
  await send(RESULTS, {
    kind: 'streams',
    created: answers.filter(({ status }) => status === 'fulfilled').length,
    refusals: [...new Set(answers.flatMap(({ reason }) => (reason ? [reason.name] : [])))],
    creationTime: logStreams.find((stream) => stream.logStreamName === logStreamName)?.creationTime,
    before,
    readable: events.length > 0,
    readAfter: Date.now() - put,
  })
}
`
