import { Agent, type IncomingMessage, request } from 'node:http'

export type NextInvocation = { headers: IncomingMessage['headers']; event: string }

/** The Lambda Runtime API as a runtime sees it (Developer Guide, runtimes-api). */
export class RuntimeClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private readonly host: string
  private readonly port: string

  constructor(address: string) {
    const colon = address.lastIndexOf(':')
    this.host = address.slice(0, colon)
    this.port = address.slice(colon + 1)
  }

  async next(): Promise<NextInvocation> {
    const { headers, body } = await this.send('GET', 'invocation/next')
    return { headers, event: body }
  }

  async succeed(requestId: string, json: string): Promise<void> {
    await this.send('POST', `invocation/${requestId}/response`, json)
  }

  async fail(requestId: string, error: { errorType: string }): Promise<void> {
    await this.send('POST', `invocation/${requestId}/error`, JSON.stringify(error), error.errorType)
  }

  async failInit(error: { errorType: string }): Promise<void> {
    await this.send('POST', 'init/error', JSON.stringify(error), error.errorType)
  }

  private send(method: string, path: string, body?: string, errorType?: string) {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    return new Promise<{ headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
      const call = request(
        {
          method,
          host: this.host,
          port: this.port,
          path: `/2018-06-01/runtime/${path}`,
          agent: this.agent,
          headers: {
            'content-type': 'application/json',
            // Not of AWS: the engine's only portable way to learn what was used. Kilobytes, and microseconds so far.
            'slipstream-max-rss': maxRSS,
            'slipstream-cpu-time': userCPUTime + systemCPUTime,
            ...(errorType === undefined ? {} : { 'lambda-runtime-function-error-type': errorType }),
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () =>
            resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
          )
        },
      )
      call.on('error', reject)
      call.end(body)
    })
  }
}
