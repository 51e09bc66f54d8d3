import { InvokeCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { ApiError, type ApiRequest, type ApiResponse, type Service } from '../../lib/engine/api'
import { type Call, Door } from '../../lib/engine/door/door'
import { Inside } from '../../lib/engine/door/inside'
import { MovedClock } from '../../lib/engine/moved-clock'
import { clientConfig } from '../support/engine'

describe('the way through the door for clients inside the engine', () => {
  let door: Door
  let clock: MovedClock
  let calls: Call[]
  let undelivered: Promise<[ApiRequest, ApiResponse]>
  let answerSqs: (response: ApiResponse) => void
  let lambda: LambdaClient
  let sqs: SQSClient
  let handle: Service['handle']

  beforeEach(async () => {
    calls = []
    clock = new MovedClock('2026-03-02T12:00:00Z')
    door = await Door.open(0, () => {}, clock)
    door.onCall((call) => calls.push(call))
    door.add({
      name: 'lambda',
      protocol: 'restJson1',
      handle: (request) => handle(request),
      close: async () => {},
    })
    const slow: Service = {
      name: 'sqs',
      protocol: 'awsJson1_0',
      handle: () => new Promise((resolve) => (answerSqs = resolve)),
      close: async () => {},
    }
    undelivered = new Promise((resolve) => {
      door.add(
        Object.assign(slow, { undelivered: async (...told: [ApiRequest, ApiResponse]) => resolve(told) }),
      )
    })
    // A port at which nobody is: what goes through the door by a connection fails.
    const config = { ...clientConfig('http://127.0.0.1:9'), requestHandler: new Inside(door), maxAttempts: 1 }
    lambda = new LambdaClient(config)
    sqs = new SQSClient(config)
  })
  afterEach(async () => {
    lambda.destroy()
    sqs.destroy()
    await door.close()
    clock.close()
  })

  it('brings a call as it would come by the port, and its answer', async () => {
    handle = async () => ({ status: 202, body: '' })
    const { StatusCode, $metadata } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'a b',
        Qualifier: 'live',
        InvocationType: 'Event',
        Payload: '{"a":1}',
      }),
    )
    expect(StatusCode).toBe(202)
    expect($metadata.requestId).toMatch(/^[\da-f-]{36}$/)
    const [{ service, request }] = calls as [Call]
    expect(service).toBe('lambda')
    expect(request).toMatchObject({
      method: 'POST',
      path: '/2015-03-31/functions/a%20b/invocations',
      headers: { 'x-amz-invocation-type': 'Event' },
      region: 'us-east-1',
    })
    expect(request.query.get('Qualifier')).toBe('live')
    expect(request.body.toString()).toBe('{"a":1}')
  })

  it("makes of a service's error the exception of its name", async () => {
    handle = async () => {
      throw new ApiError('ResourceNotFoundException', 'no such function', 404)
    }
    await expect(lambda.send(new ListTagsCommand({ Resource: 'arn' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'no such function',
      $metadata: { httpStatusCode: 404 },
    })
  })

  it('ends at once for who gives up, and says that the answer found nobody', async () => {
    const stop = new AbortController()
    const receive = new ReceiveMessageCommand({
      QueueUrl: 'http://127.0.0.1:9/000000000000/q',
      WaitTimeSeconds: 20,
    })
    const received = sqs.send(receive, { abortSignal: stop.signal })
    while (answerSqs === undefined) await new Promise(setImmediate)
    stop.abort()
    await expect(received).rejects.toMatchObject({ name: 'AbortError' })
    answerSqs({ status: 200, body: '{"Messages":[]}' })
    const [request, response] = await undelivered
    expect(request.headers['x-amz-target']).toBe('AmazonSQS.ReceiveMessage')
    expect(response).toEqual({ status: 200, body: '{"Messages":[]}' })
    expect(calls).toEqual([])
  })

  it('calls nobody for who had given up before', async () => {
    handle = () => Promise.reject(new Error('called'))
    const tags = lambda.send(new ListTagsCommand({ Resource: 'arn' }), { abortSignal: AbortSignal.abort() })
    await expect(tags).rejects.toMatchObject({ name: 'AbortError' })
    expect(calls).toEqual([])
  })
})
