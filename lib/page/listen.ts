import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SAFETY_HEADERS } from './assets'
import { same } from './guard'
import type { Handler } from './server'
import { urlOf } from './url'

export type Listening = {
  /** What opens the page, once its hash is put behind it: `http://127.0.0.1:PORT/?key=KEY`. */
  url: string
  close(): Promise<void>
}

/**
 * A server for the page alone, on loopback. It acts with the credentials of whoever started it, so it answers only the
 * browser that was given the key in the printed address: another user of this machine can reach the port, too.
 *
 * @throws {Error} with code EADDRINUSE where the port is taken
 */
export async function listen(page: Handler, port = 0): Promise<Listening> {
  const key = randomBytes(24).toString('base64url')
  const server = createServer((incoming, outgoing) => answer(page, key, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${taken}/?key=${key}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function answer(page: Handler, key: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { host = '' } = incoming.headers
  const [name, port] = host.split(':')
  const refuse = (status: number, text: string) =>
    outgoing.writeHead(status, { ...SAFETY_HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
  // A name that was pointed at this machine would make a foreign site the page's own.
  if (name !== '127.0.0.1' && name !== 'localhost')
    return void refuse(403, 'Only 127.0.0.1 is served here.\n')
  const url = urlOf(incoming)
  // Cookies are for a host, whatever the port; the name keeps two servers apart.
  const cookie = `slipstream-${port}`
  if (url?.pathname === '/' && same(url.searchParams.get('key') ?? '', key)) {
    outgoing.writeHead(303, {
      ...SAFETY_HEADERS,
      'set-cookie': `${cookie}=${key}; HttpOnly; SameSite=Strict; Path=/`,
      location: '/',
    })
    return void outgoing.end()
  }
  if (!same(cookieOf(incoming, cookie), key))
    return void refuse(403, 'Open the address that "sls tasks open" printed: it has a key in it.\n')
  if (!page(incoming, outgoing)) refuse(404, 'There is no such path.\n')
}

function cookieOf({ headers }: IncomingMessage, name: string): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? ''
}
