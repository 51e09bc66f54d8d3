import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Failure } from './api'
import { SAFETY_HEADERS } from './assets'

const gzipped = promisify(gzip)
/** Smaller answers fit into a packet or two as they are. */
const WORTH_IT = 1400

export async function respond(
  { headers }: IncomingMessage,
  outgoing: ServerResponse,
  { status = 200, type, body }: { status?: number; type: string; body: Buffer },
): Promise<void> {
  const small = body.length < WORTH_IT || !/\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  const sent = small ? body : await gzipped(body)
  outgoing
    .writeHead(status, {
      ...SAFETY_HEADERS,
      'content-type': type,
      'content-length': sent.length,
      ...(small ? {} : { 'content-encoding': 'gzip' }),
      vary: 'accept-encoding',
    })
    .end(sent)
}

export function respondJson(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  value: unknown,
  status = 200,
): Promise<void> {
  const body = Buffer.from(JSON.stringify(value))
  return respond(incoming, outgoing, { status, type: 'application/json', body })
}

export function respondFailure(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, code, message }: { status: number; code: string; message: string },
): Promise<void> {
  return respondJson(incoming, outgoing, { error: { code, message } } satisfies Failure, status)
}
