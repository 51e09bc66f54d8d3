import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { LambdaTargets } from '../../lib/aws/lambda-targets'
import type { Invocation, InvokeResult } from '../../lib/core/protocol/effect'
import { startEngine } from '../../lib/engine/server'
import type { Targets } from '../../lib/ports/ports'
import { node, zip } from '../engine/lambda/support'
import { clientConfig, temporaryFolder } from '../support/engine'
import { MemoryTargets } from '../support/memory'
import { definitionOf } from '../support/world'

const invocation = (changes: Parameters<typeof definitionOf>[0] = {}): Invocation => ({
  definition: definitionOf(changes),
  payload: {
    text: 'naïve 🙂 \0',
    group_name: '/slipstream/service-test',
    stream_name: 'load/2027/03/01/[$LATEST]120000000-1-x',
    slipstream: {
      task: 'load',
      run: '2027-03-01T12:00:00.000Z',
      attempt: 1,
      scheduledAt: '2027-03-01T12:00:00.000Z',
      trigger: 'schedule',
      target: 'wrapped',
      startBy: 1,
      until: 2,
      timeout: 60,
      failOn: ['ERROR'],
      except: [],
    },
  },
})

/** Targets, of which it can be said how they answer, and what they were given. */
type Opened = {
  targets: Targets
  answer(outcome: InvokeResult['outcome']): void
  taken(): unknown[]
  close(): Promise<void>
}

async function inMemory(): Promise<Opened> {
  const targets = new MemoryTargets()
  return {
    targets,
    answer: (outcome) => {
      targets.result = outcome === 'refused' ? { outcome, error: 'Gone: not here' } : { outcome }
    },
    taken: () => targets.invoked.map(({ payload }) => payload),
    close: async () => {},
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** An endpoint in Lambda's place that answers as it is told. */
async function stub() {
  let answer: Answer = status(202)
  const requests: { url: string; type: string; trace: string | undefined; payload: unknown }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { headers, url = '' } = request
    requests.push({
      url,
      type: String(headers['x-amz-invocation-type']),
      trace: headers['x-amzn-trace-id'] as string | undefined,
      payload: JSON.parse(Buffer.concat(chunks).toString()),
    })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const targets = new LambdaTargets(clientConfig(endpoint), 250)
  return {
    targets,
    requests,
    answerWith: (next: Answer) => {
      answer = next
    },
    close: async () => {
      targets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function status(code: number, name?: string): Answer {
  return (_, response) => {
    response.writeHead(code, {
      'content-type': 'application/json',
      ...(name && { 'x-amzn-errortype': name }),
    })
    response.end(name === undefined ? '' : JSON.stringify({ message: 'not here', Message: 'not here' }))
  }
}

async function onTheWire(): Promise<Opened> {
  const { targets, requests, answerWith, close } = await stub()
  const answers: Record<InvokeResult['outcome'], Answer> = {
    accepted: status(202),
    refused: status(404, 'Gone'),
    throttled: status(429, 'TooManyRequestsException'),
    unknown: status(500, 'ServiceException'),
  }
  return {
    targets,
    answer: (outcome) => answerWith(answers[outcome]),
    taken: () => requests.map(({ payload }) => payload),
    close,
  }
}

describe.each<[string, () => Promise<Opened>]>([
  ['in memory', inMemory],
  ["on Lambda's wire", onTheWire],
])('targets %s', (_, open) => {
  test.each<InvokeResult>([
    { outcome: 'accepted' },
    { outcome: 'refused', error: 'Gone: not here' },
    { outcome: 'throttled' },
    { outcome: 'unknown' },
  ])('are given the payload once, and answer %j', async (expected) => {
    const { targets, answer, taken, close } = await open()
    answer(expected.outcome)
    try {
      expect(await targets.invoke(invocation({ target: 'plain' }))).toEqual(expected)
      expect(taken()).toEqual([invocation().payload])
    } finally {
      await close()
    }
  })
})

describe("Lambda's answers to an asynchronous invocation", () => {
  let lambda: Awaited<ReturnType<typeof stub>>
  beforeEach(async () => {
    lambda = await stub()
  })
  afterEach(() => lambda.close())

  test.each<[string, Answer, InvokeResult['outcome']]>([
    ['no such function', status(404, 'ResourceNotFoundException'), 'refused'],
    ['no right', status(403, 'AccessDeniedException'), 'refused'],
    ['too large a payload', status(413, 'RequestEntityTooLargeException'), 'refused'],
    ['too many', status(429, 'TooManyRequestsException'), 'throttled'],
    ['too fast', status(400, 'ThrottlingException'), 'throttled'],
    ['a function in the making', status(409, 'ResourceConflictException'), 'throttled'],
    ['a snapshot in the making', status(409, 'SnapStartNotReadyException'), 'throttled'],
    ['a time-out inside', status(408, 'EFSMountTimeoutException'), 'unknown'],
    ['a fault', status(500, 'ServiceException'), 'unknown'],
    ['a fault behind it', status(502, 'EC2UnexpectedException'), 'unknown'],
    ['a fault in front of it', (_, response) => void response.writeHead(503).end('<html>'), 'unknown'],
    ['a connection that breaks', (request) => void request.socket.destroy(), 'unknown'],
    ['nothing', () => {}, 'unknown'],
  ])('%s is one call and no second', async (_, answer, outcome) => {
    lambda.answerWith(answer)
    expect(await lambda.targets.invoke(invocation({ target: 'plain' }))).toMatchObject({ outcome })
    expect(lambda.requests).toHaveLength(1)
  })

  test.each<[string, Answer]>([
    ['a connection that breaks', (request) => void request.socket.destroy()],
    ['a fault', status(500, 'ServiceException')],
  ])('%s is tried again where the target is wrapped', async (_, answer) => {
    lambda.answerWith((request, response) => {
      lambda.answerWith(status(202))
      answer(request, response)
    })
    expect(await lambda.targets.invoke(invocation())).toEqual({ outcome: 'accepted' })
    expect(lambda.requests).toHaveLength(2)
  })

  test('come by a connection of its own for each where a second one must not be sent', async () => {
    const kept: (string | undefined)[] = []
    lambda.answerWith((request, response) => {
      kept.push(request.headers.connection)
      status(202)(request, response)
    })
    for (const target of ['plain', 'operator', 'wrapped'] as const)
      await lambda.targets.invoke(invocation({ target }))
    expect(kept).toEqual(['close', 'close', 'keep-alive'])
  })

  test('are asked of function and qualifier, as an event', async () => {
    await lambda.targets.invoke(invocation({ qualifier: 'live' }))
    expect(lambda.requests).toMatchObject([
      { url: '/2015-03-31/functions/service-test-load/invocations?Qualifier=live', type: 'Event' },
    ])
  })

  test('go out with the lineage of the chain to targets of our own only', async () => {
    process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'dispatcher'
    process.env['_X_AMZN_TRACE_ID'] = 'Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=a:1'
    try {
      await lambda.targets.invoke(invocation())
      await lambda.targets.invoke(invocation({ foreign: true }))
    } finally {
      delete process.env['AWS_LAMBDA_FUNCTION_NAME']
      delete process.env['_X_AMZN_TRACE_ID']
    }
    expect(lambda.requests.map(({ trace }) => trace)).toEqual([
      expect.stringContaining('Lineage=a:1'),
      undefined,
    ])
  })
})

test('the engine accepts for a function that it has and refuses one that it has not', async () => {
  const folder = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: folder.path })
  const client = new LambdaClient(clientConfig(engine.endpoint))
  const targets = new LambdaTargets(clientConfig(engine.endpoint))
  const ZipFile = zip({ 'index.js': 'exports.handler = async () => {}' })
  try {
    await client.send(new CreateFunctionCommand({ ...node('service-test-load'), Code: { ZipFile } }))
    expect(await targets.invoke(invocation())).toEqual({ outcome: 'accepted' })
    expect(await targets.invoke(invocation({ function: 'service-test-gone' }))).toEqual({
      outcome: 'refused',
      error: expect.stringMatching(/^ResourceNotFoundException: Function not found: .*service-test-gone/),
    })
  } finally {
    client.destroy()
    targets.close()
    await engine.close()
    folder.remove()
  }
})
