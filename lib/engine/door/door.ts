import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ENGINE_HEADER } from '../../local-engine'
import { ApiError, type ApiRequest, type ApiResponse, type Service } from '../api'
import type { Undelivered } from '../backends/fauxqs'
import { type Clock, systemClock } from '../clock'
import { errorResponse, guessProtocol } from './errors'
import { credentialScope } from './signature'

/** A call that was answered, and whose caller got the answer. */
export type Call = { service: string; request: ApiRequest; response: ApiResponse }

/** Answers what bears no signature, on paths of its own; false for all others. */
export type Unsigned = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

/** LocalStack's port, which many tools propose. */
const USUAL_PORT = 4566
const PORTS_TO_TRY = 100
const LARGEST_BODY = 256 * 1024 * 1024
const WELCOME = `This is the local engine of Slipstream, which stands in for AWS on this machine.
Any AWS client looks inside: AWS_ENDPOINT_URL=http://HOST and any credentials.
`

/**
 * The one port of the engine, on loopback only. It sends each call to its service by the signature's scope, and refuses
 * what a web page could send: other Host names (a name that was pointed at this machine) and calls without a signature.
 */
export class Door {
  private readonly services = new Map<string, Service & Partial<Undelivered>>()
  private readonly listeners = new Set<(call: Call) => void>()
  private closing = false
  private unsigned: Unsigned | undefined

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly warn: (message: string) => void,
    private readonly clock: Clock,
  ) {
    server.on('request', (request, response) => {
      this.answer(request, response).catch((error: unknown) => this.failed(request, response, error))
    })
  }

  /**
   * `port` 0 takes any; without it the usual one, or the next that is free.
   * Throws an error with code EADDRINUSE where an explicit port is taken.
   */
  static async open(
    port: number | undefined,
    warn: (message: string) => void,
    clock: Clock = systemClock,
  ): Promise<Door> {
    // Calls may wait as long as a function runs (15 minutes), and a connection that the server ends while a call is on its
    // way looks like a call that failed: so no time-out of the server's own.
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 })
    const first = port ?? USUAL_PORT
    for (let next = first; ; next++) {
      try {
        await listen(server, next)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
        if (port !== undefined)
          throw Object.assign(new Error(`port ${port} is taken`), { code: 'EADDRINUSE' })
        if (next - first === PORTS_TO_TRY) throw error
      }
    }
    const taken = (server.address() as AddressInfo).port
    if (port === undefined && taken !== first) warn(`port ${first} is taken, so the endpoint is at ${taken}`)
    return new Door(server, taken, warn, clock)
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  add(service: Service): void {
    this.services.set(service.name, service)
  }

  /** Hands over what bears no signature, its Host checked, as a browser's requests are. */
  serve(handler: Unsigned): void {
    this.unsigned = handler
  }

  /** Calls `listener` after each call was answered; gives what ends that. */
  onCall(listener: (call: Call) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Who is still waiting for an answer when the services end gets an error, and nobody needs to hear of that. */
  prepareToClose(): void {
    this.closing = true
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = incoming
    outgoing.setHeader('date', this.date())
    const host = headers.host?.replace(/:\d+$/, '').toLowerCase()
    if (host !== '127.0.0.1' && host !== 'localhost')
      return plain(outgoing, 403, 'Only 127.0.0.1 is served here.\n')

    const url = incoming.url ?? '/'
    const split = url.indexOf('?')
    const path = split < 0 ? url : url.slice(0, split)
    const query = new URLSearchParams(split < 0 ? '' : url.slice(split))
    const scope = credentialScope(method, headers.authorization, query)
    if (!scope) {
      outgoing.setHeader(ENGINE_HEADER, String(process.pid))
      if (this.unsigned?.(incoming, outgoing)) return
      if (method === 'GET' && path === '/')
        return plain(outgoing, 200, WELCOME.replace('HOST', headers.host ?? ''))
      return plain(outgoing, 403, 'A call of an AWS API needs an AWS signature (any credentials will do).\n')
    }
    const body = await readBody(incoming).catch(() => undefined)
    if (body === undefined) return void outgoing.destroy()
    const request: ApiRequest = {
      method,
      path,
      query,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body,
      region: scope.region,
    }
    await this.pass(scope.service, request, (response) => {
      if (outgoing.destroyed) return false
      this.send(outgoing, response, method)
      return true
    })
  }

  /**
   * Answers a call of an API: `deliver` gives its caller the answer, and says false where nobody is there any more. An error
   * of a service is an answer too.
   */
  async pass(
    service: string,
    request: ApiRequest,
    deliver: (response: ApiResponse) => boolean,
  ): Promise<void> {
    const requestId = randomUUID()
    const response = await this.call(service, request, requestId)
    const headers = { date: this.date(), 'x-amzn-requestid': requestId, ...response.headers }
    if (!deliver({ ...response, headers }))
      return this.services.get(service)?.undelivered?.(request, response)
    for (const listener of this.listeners) listener({ service, request, response })
  }

  /** AWS's SDKs compare it with their own clock, and take a call that failed for one of a wrong clock: they try again. */
  private date(): string {
    return new Date(this.clock.now()).toUTCString()
  }

  /** What goes wrong beside the services, as with the page, must not end the engine. */
  private failed({ method, url }: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (!this.closing) this.warn(`${method} ${url} failed: ${message}`)
    if (!outgoing.headersSent) plain(outgoing, 500, `${message}\n`)
    else if (!outgoing.writableEnded) outgoing.destroy()
  }

  private async call(name: string, request: ApiRequest, requestId: string): Promise<ApiResponse> {
    const service = this.services.get(name)
    if (!service) {
      const message = `the local engine has no service \`${name}\``
      const error = new ApiError('UnknownServiceException', message)
      return errorResponse(error, guessProtocol(request.headers), requestId)
    }
    try {
      return await service.handle(request)
    } catch (error) {
      if (error instanceof ApiError) return errorResponse(error, service.protocol, requestId)
      const message = error instanceof Error ? error.message : String(error)
      if (!this.closing) this.warn(`${name} failed: ${message}`)
      return errorResponse(new ApiError('InternalFailure', message, 500), service.protocol, requestId)
    }
  }

  private send(outgoing: ServerResponse, response: ApiResponse, method: string): void {
    const { status, headers = {}, body = '' } = response
    const length = method === 'HEAD' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    outgoing.writeHead(status, { ...length, ...headers })
    outgoing.end(body)
  }
}

function plain(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new RangeError(`a body of more than ${LARGEST_BODY} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
