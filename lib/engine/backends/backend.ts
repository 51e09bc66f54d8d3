import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { Worker } from 'node:worker_threads'
import { built } from '../../paths'
import type { ApiRequest, ApiResponse } from '../api'
import type { Clock } from '../clock'

/** Headers that belong to one connection and are not passed on (RFC 9110, 7.6.1), and those we set ourselves. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect', 'content-length', 'host'])

/**
 * An emulator that we did not write, in a worker of its own: its environment holds nothing of the user's, what it throws
 * does not end the engine, and it dies with the engine however that ends. It listens on loopback, on a port that only
 * the door uses.
 */
export class Backend {
  private readonly agent = new Agent({ keepAlive: true })
  private constructor(
    private readonly worker: Worker,
    private readonly port: number,
  ) {}

  /** `script`: a built file of this folder that answers `{ port }` once it listens. */
  static start(
    script: string,
    workerData: Record<string, unknown>,
    options: { clock: Clock; env?: Record<string, string>; failed(error: Error): void },
  ): Promise<Backend> {
    const { child } = options.clock
    const worker = new Worker(built('lib', 'engine', 'backends', `${script}.js`), {
      workerData,
      env: { ...options.env, ...child?.env },
      execArgv: child ? ['--require', child.preload] : [],
    })
    return new Promise((resolve, reject) => {
      worker.once('error', reject)
      worker.once('exit', (code) =>
        reject(new Error(`${script} ended with code ${code} before it was ready`)),
      )
      worker.once('message', ({ port }: { port: number }) => {
        worker.removeAllListeners()
        worker.on('error', options.failed)
        resolve(new Backend(worker, port))
      })
    })
  }

  /** Passes a call on and gives the answer as it came. `headers` replace those of the call. */
  forward(call: ApiRequest, headers: OutgoingHttpHeaders = {}): Promise<ApiResponse> {
    const query = call.query.toString()
    const kept = Object.entries(call.headers).filter(([name]) => !HOP.has(name))
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: this.port,
        agent: this.agent,
        method: call.method,
        path: query === '' ? call.path : `${call.path}?${query}`,
        headers: { ...Object.fromEntries(kept), 'content-length': call.body.length, ...headers },
      })
      request.once('error', reject)
      request.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const answered = Object.entries(response.headers).filter(
            // The door dates its answers itself: the engine's clock may not be the machine's.
            ([name]) =>
              name !== 'date' && (!HOP.has(name) || (name === 'content-length' && call.method === 'HEAD')),
          )
          resolve({
            status: response.statusCode ?? 502,
            headers: Object.fromEntries(answered.map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks),
          })
        })
      })
      request.end(call.body)
    })
  }

  /** Lets the emulator put its data in order, then ends the worker. */
  async close(): Promise<void> {
    this.agent.destroy()
    // Of a worker that failed on the way there is nothing left to end.
    if (this.worker.threadId === -1) return
    const exited = new Promise((resolve) => this.worker.once('exit', resolve))
    this.worker.postMessage('close')
    await exited
  }
}
