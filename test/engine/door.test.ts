import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { ApiError, type ApiRequest, type Protocol, type Service } from '../../lib/engine/api'
import { type Call, Door } from '../../lib/engine/door/door'
import { clientConfig } from '../support/engine'

const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/echo/aws4_request, Signature=0',
}

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: string }

function send(port: number, { method = 'GET', path = '/', headers = {}, body = '' }: Sent = {}) {
  return new Promise<{ status: number | undefined; body: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
        let text = ''
        response.once('error', reject)
        response.on('data', (chunk) => {
          text += chunk
        })
        response.once('end', () =>
          resolve({ status: response.statusCode, body: text, headers: response.headers }),
        )
      })
      sent.once('error', reject)
      sent.end(body)
    },
  )
}

describe('the door', () => {
  let door: Door
  const warned: string[] = []
  const seen: ApiRequest[] = []
  const service = (name: string, protocol: Protocol, handle: Service['handle']): Service => ({
    name,
    protocol,
    handle,
    close: async () => {},
  })

  beforeAll(async () => {
    door = await Door.open(0, (message) => warned.push(message))
    door.add(
      service('echo', 'awsJson1_1', async (call) => {
        seen.push(call)
        return { status: 200, body: call.body }
      }),
    )
  })
  afterAll(() => door.close())
  beforeEach(() => {
    warned.length = 0
    seen.length = 0
  })

  it('sets no end to a connection that is kept: a call could be on its way just then', async () => {
    const headers = { ...SIGNED, connection: 'keep-alive' }
    const answer = await send(door.port, { method: 'POST', headers })
    expect(answer.headers).toMatchObject({ connection: 'keep-alive' })
    expect(answer.headers).not.toHaveProperty('keep-alive')
  })

  it('hands a signed call to the service that its signature names, with body, query and region', async () => {
    const answer = await send(door.port, {
      method: 'POST',
      path: '/a%20b?x=1',
      headers: SIGNED,
      body: 'hello',
    })
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(seen).toMatchObject([{ method: 'POST', path: '/a%20b', region: 'eu-west-1' }])
    expect(seen[0]?.query.get('x')).toBe('1')
  })

  it('says what it is to whoever asks for / without a signature, and refuses all else that bears none', async () => {
    expect(await send(door.port)).toMatchObject({
      status: 200,
      body: expect.stringContaining('AWS_ENDPOINT_URL='),
    })
    for (const sent of [
      { method: 'POST' },
      { path: '/2015-03-31/functions' },
      { method: 'PUT', headers: { authorization: 'Bearer x' } },
      { method: 'OPTIONS' },
      // What a web page can send without asking: a form, with a signature in the query.
      { method: 'POST', path: '/?X-Amz-Credential=k%2F20260101%2Fus-east-1%2Fecho%2Faws4_request' },
      { path: '/x?X-Amz-Credential=k%2F20260101%2Fus-east-1%2Fecho%2Faws4_request' },
    ]) {
      expect(await send(door.port, sent)).toMatchObject({
        status: 403,
        body: expect.stringContaining('signature'),
      })
    }
    expect(seen).toEqual([])
  })

  it('serves no other Host than its own, signed or not', async () => {
    for (const host of ['evil.example', `evil.example:${door.port}`, '127.0.0.1.evil.example']) {
      expect(await send(door.port, { headers: { host } })).toMatchObject({ status: 403 })
      expect(await send(door.port, { method: 'POST', headers: { ...SIGNED, host } })).toMatchObject({
        status: 403,
      })
    }
    expect(await send(door.port, { headers: { host: `localhost:${door.port}` } })).toMatchObject({
      status: 200,
    })
    expect(seen).toEqual([])
  })

  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)
    if (!outside) return
    const refused = new Promise((resolve) => {
      request({ host: outside.address, port: door.port }).once('error', resolve).end()
    })
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('tells an SDK by name which service the engine lacks', async () => {
    const lambda = new LambdaClient(clientConfig(door.endpoint))
    const sqs = new SQSClient(clientConfig(door.endpoint))
    await expect(lambda.send(new ListFunctionsCommand())).rejects.toMatchObject({
      name: 'UnknownServiceException',
      message: 'the local engine has no service `lambda`',
    })
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))).rejects.toMatchObject({
      name: 'UnknownServiceException',
      message: 'the local engine has no service `sqs`',
    })
  })

  it.each<[Protocol, string]>([
    ['awsJson1_0', '{"__type":"ThingNotFoundException","message":"no <thing>","Reason":"gone"}'],
    ['awsJson1_1', '{"__type":"ThingNotFoundException","message":"no <thing>","Reason":"gone"}'],
    ['restJson1', '{"message":"no <thing>","Reason":"gone"}'],
    ['awsQuery', '<Code>ThingNotFoundException</Code><Message>no &lt;thing&gt;</Message>'],
  ])("writes a service's error in its protocol, %s", async (protocol, body) => {
    door.add(
      service('echo2', protocol, async () => {
        throw new ApiError('ThingNotFoundException', 'no <thing>', 404, { Reason: 'gone' })
      }),
    )
    const answer = await send(door.port, {
      method: 'POST',
      headers: { authorization: SIGNED.authorization.replace('echo', 'echo2') },
    })
    expect(answer).toMatchObject({ status: 404, body: expect.stringContaining(body) })
    if (protocol !== 'awsQuery') expect(answer.headers['x-amzn-errortype']).toBe('ThingNotFoundException')
    expect(warned).toEqual([])
  })

  it('answers 500 and tells the terminal when a service fails in a way of its own', async () => {
    door.add(service('broken', 'restJson1', () => Promise.reject(new TypeError('oops'))))
    const headers = { authorization: SIGNED.authorization.replace('echo', 'broken') }
    expect(await send(door.port, { method: 'POST', headers })).toMatchObject({ status: 500 })
    expect(warned).toEqual(['broken failed: oops'])
  })

  it('answers 500 and tells the terminal when what serves other requests fails, and goes on', async () => {
    const own = await Door.open(0, (message) => warned.push(message))
    try {
      own.serve(({ url }, outgoing) => {
        if (url === '/half') outgoing.write('half of it')
        if (url !== '/') throw new TypeError('oops')
        return false
      })
      expect(await send(own.port, { path: '/x?y=1' })).toMatchObject({ status: 500, body: 'oops\n' })
      await expect(send(own.port, { path: '/half' })).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(await send(own.port)).toMatchObject({ status: 200 })
      expect(warned).toEqual(['GET /x?y=1 failed: oops', 'GET /half failed: oops'])
    } finally {
      await own.close()
    }
  })

  it('tells listeners of each answered call, until they have heard enough', async () => {
    const calls: Call[] = []
    const enough = door.onCall((call) => calls.push(call))
    await send(door.port, { method: 'POST', headers: SIGNED, body: 'one' })
    enough()
    await send(door.port, { method: 'POST', headers: SIGNED, body: 'two' })
    expect(calls.map(({ service, response }) => [service, response.status, String(response.body)])).toEqual([
      ['echo', 200, 'one'],
    ])
  })

  it('refuses an explicit port that is taken, and lets go of nothing it did not have', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    try {
      await expect(Door.open(port, () => {})).rejects.toMatchObject({
        code: 'EADDRINUSE',
        message: `port ${port} is taken`,
      })
    } finally {
      await new Promise((resolve) => other.close(resolve))
    }
  })

  it('takes the next free port when the usual one is taken, and says so', async () => {
    const said: string[] = []
    const first = await Door.open(undefined, () => {})
    const second = await Door.open(undefined, (message) => said.push(message))
    try {
      expect(second.port).toBeGreaterThan(first.port)
      expect(said).toEqual([`port 4566 is taken, so the endpoint is at ${second.port}`])
    } finally {
      await Promise.all([first.close(), second.close()])
    }
  })

  it('tells a service when the caller had gone before the answer was there', async () => {
    let answer = (_: { status: number }) => {}
    let called = () => {}
    const arrived = new Promise<void>((resolve) => {
      called = resolve
    })
    const undelivered = new Promise((resolve) => {
      const slow = service('slow', 'awsJson1_0', () => {
        called()
        return new Promise((done) => {
          answer = done
        })
      })
      door.add(Object.assign(slow, { undelivered: async (...args: unknown[]) => resolve(args[1]) }))
    })
    const headers = { authorization: SIGNED.authorization.replace('echo', 'slow') }
    const call = request({ host: '127.0.0.1', port: door.port, method: 'POST', headers, agent: false }).end()
    call.once('error', () => {})
    await arrived
    const gone = new Promise((resolve) => call.once('close', resolve))
    call.destroy()
    await gone
    // The server learns of it on a turn of its own.
    await send(door.port)
    answer({ status: 200 })
    expect(await undelivered).toEqual({ status: 200 })
  })
})
