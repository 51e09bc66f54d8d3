import type { ApiRequest } from '../api'
import type { Door } from './door'
import { credentialScope } from './signature'

/** A call as the SDK has made it ready to send, and the answer as it takes one; both as far as JSON protocols have them. */
type Sent = {
  method: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: string | Uint8Array
}
type Answered = { response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }

/**
 * The way through the door for stock AWS SDK clients inside the engine: what they send is answered, seen and refused as
 * what comes by the port, without a connection from this process to itself, which would cost most of the call. Not for
 * S3, whose clients expect a stream.
 */
export class Inside {
  readonly metadata = { handlerProtocol: 'http/1.1' }

  constructor(private readonly door: Door) {}

  /** Rejects as soon as `abortSignal` says so; whoever answers is then told that nobody was there. */
  handle(sent: Sent, options: { abortSignal?: unknown } = {}): Promise<Answered> {
    const abortSignal = options.abortSignal as AbortSignal | undefined
    return new Promise((resolve, reject) => {
      let gone = false
      const leave = () => {
        gone = true
        reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }))
      }
      if (abortSignal?.aborted) return leave()
      abortSignal?.addEventListener('abort', leave, { once: true })
      const { service, request } = read(sent)
      this.door
        .pass(service, request, ({ status, headers = {}, body = '' }) => {
          if (gone) return false
          resolve({ response: { statusCode: status, headers, body: Buffer.from(body) } })
          return true
        })
        .catch(reject)
        .finally(() => abortSignal?.removeEventListener('abort', leave))
    })
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {}
  }
}

function read({ method, path, query, headers, body = '' }: Sent): { service: string; request: ApiRequest } {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) search.append(name, one)
  }
  const scope = credentialScope(method, lower['authorization'], search)
  if (!scope) throw new Error(`a call of ${method} ${path} inside the engine bears no signature`)
  const request = {
    method,
    path,
    query: search,
    headers: lower,
    body: typeof body === 'string' ? Buffer.from(body) : bytes(body),
    region: scope.region,
  }
  return { service: scope.service, request }
}

/** Looked at and not converted: the SDK's own kind of bytes warns of who takes it for text. */
const bytes = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)
