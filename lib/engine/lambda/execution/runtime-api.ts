import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the next invocation is, as the runtime is told. */
export type NextResponse = { headers: Record<string, string>; event: string }

export type RuntimeEvents = {
  /** The runtime asks for work; `give` answers it. */
  next(give: (response: NextResponse) => void): void
  response(requestId: string, payload: string): void
  error(requestId: string, payload: string, errorType: string | undefined): void
  initError(payload: string, errorType: string | undefined): void
  /** What the process used so far, as it measured it itself: kilobytes at the most, and milliseconds of all cores. */
  usage(used: { maxRss: number; cpu: number }): void
}

const PREFIX = '/2018-06-01/runtime/'

/**
 * The Lambda Runtime API (Developer Guide, runtimes-api) for one execution environment, on a loopback port of its own:
 * a runtime is told no more than host and port.
 */
export class RuntimeApi {
  private readonly server: Server

  constructor(private readonly events: RuntimeEvents) {
    this.server = createServer((request, response) => void this.handle(request, response))
    // A runtime may wait for its next invocation, or keep its connection, as long as it likes.
    this.server.keepAliveTimeout = 0
    this.server.requestTimeout = 0
  }

  /** Resolves to `host:port`. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(0, '127.0.0.1', () => {
        resolve(`127.0.0.1:${(this.server.address() as AddressInfo).port}`)
      })
    })
  }

  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : ''
    const maxRss = Number(request.headers['slipstream-max-rss'])
    const cpu = Number(request.headers['slipstream-cpu-time']) / 1000
    if (maxRss > 0 && cpu > 0) this.events.usage({ maxRss, cpu })
    if (request.method === 'GET' && path === 'invocation/next') {
      this.events.next(({ headers, event }) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers })
        response.end(event)
      })
      return
    }
    const body = await read(request)
    if (body === undefined) return
    const [kind, id = '', what] = path.split('/')
    const type = request.headers['lambda-runtime-function-error-type']
    const errorType = typeof type === 'string' ? type : undefined
    if (path === 'init/error') this.events.initError(body, errorType)
    else if (kind === 'invocation' && what === 'response') this.events.response(id, body)
    else if (kind === 'invocation' && what === 'error') this.events.error(id, body, errorType)
    else {
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ errorType: 'InvalidResource', errorMessage: `no such resource: ${request.url}` }),
      )
      return
    }
    response.writeHead(202, { 'content-type': 'application/json' })
    response.end('{"status":"OK"}\n')
  }
}

/** Undefined when the runtime died while it was sending. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
