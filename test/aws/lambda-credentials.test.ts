import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultProvider } from '../../lib/aws/lambda-credentials'

const before = process.env
let server: Server | undefined

beforeEach(() => {
  process.env = { PATH: before['PATH'] }
})
afterEach(async () => {
  jest.restoreAllMocks()
  process.env = before
  if (!server) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
  server = undefined
})

function setKeys(id: string): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  })
}

/** As Lambda's own endpoint; answers with each of `expirations` in turn. Gives the tokens that came. */
async function serveKeys(...expirations: number[]): Promise<(string | undefined)[]> {
  const tokens: (string | undefined)[] = []
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        AccessKeyId: `key ${tokens.length}`,
        SecretAccessKey: 'secret',
        Token: 'session',
        Expiration: new Date(expirations[tokens.length - 1] ?? 0).toISOString(),
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  Object.assign(process.env, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token',
  })
  return tokens
}

const HOUR = 3_600_000

test("gives the execution role's keys, whatever profile the function's configuration names", async () => {
  setKeys('key')
  process.env['AWS_PROFILE'] = 'other'
  expect(await defaultProvider()()).toMatchObject({
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    sessionToken: 'session',
  })
})

test('asks no endpoint where there are keys', async () => {
  const tokens = await serveKeys(Date.now() + HOUR)
  setKeys('key')
  expect(await defaultProvider()()).toMatchObject({ accessKeyId: 'key' })
  expect(tokens).toEqual([])
})

test('keeps the first keys when code puts others into the environment', async () => {
  setKeys('role')
  const provider = defaultProvider()
  await provider()
  setKeys('assumed by the body')
  expect(await provider()).toMatchObject({ accessKeyId: 'role' })
})

test("asks SnapStart's endpoint once, however many ask for the keys", async () => {
  const tokens = await serveKeys(Date.now() + HOUR)
  const provider = defaultProvider()
  for (const keys of [await Promise.all([provider(), provider()]), [await provider()]].flat())
    expect(keys).toMatchObject({ accessKeyId: 'key 1', sessionToken: 'session' })
  expect(tokens).toEqual(['token'])
})

describe('keys that are about to expire', () => {
  const now = Date.now()
  const in55Minutes = now + HOUR - 300_000 + 1

  test('are still given while others are asked for, once', async () => {
    const tokens = await serveKeys(now + HOUR, now + 2 * HOUR)
    const provider = defaultProvider()
    await provider()
    jest.spyOn(Date, 'now').mockReturnValue(in55Minutes)
    expect(await Promise.all([provider(), provider()])).toMatchObject([
      { accessKeyId: 'key 1' },
      { accessKeyId: 'key 1' },
    ])
    jest.spyOn(Date, 'now').mockReturnValue(now + HOUR + 1)
    expect(await provider()).toMatchObject({ accessKeyId: 'key 2' })
    expect(await provider()).toMatchObject({ accessKeyId: 'key 2' })
    expect(tokens).toEqual(['token', 'token'])
  })

  test('are still given where no others can be had, until they have expired', async () => {
    await serveKeys(now + HOUR, now + 2 * HOUR)
    const provider = defaultProvider()
    await provider()
    const endpoint = process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI']
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = 'http://elsewhere.invalid/credentials'
    jest.spyOn(Date, 'now').mockReturnValue(in55Minutes)
    expect(await provider()).toMatchObject({ accessKeyId: 'key 1' })
    jest.spyOn(Date, 'now').mockReturnValue(now + HOUR + 1)
    await expect(provider()).rejects.toThrow('URL not accepted')
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = endpoint
    expect(await provider()).toMatchObject({ accessKeyId: 'key 2' })
  })
})

test('says that there are none where Lambda gave none, and finds them later', async () => {
  const provider = defaultProvider()
  await expect(provider()).rejects.toThrow('environment variable credentials')
  setKeys('key')
  expect(await provider()).toMatchObject({ accessKeyId: 'key' })
})
