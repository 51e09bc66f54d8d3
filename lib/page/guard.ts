/**
 * Who may ask what. The server is on loopback, but so is every browser tab of this machine: a foreign site must neither
 * read from it nor make it do something, and on a machine of several users neither must the others.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A header that no form and no link can send, with what only the page itself was told. */
const TOKEN_HEADER = 'x-slipstream-token'

export type Refusal = { status: number; code: string; message: string }

export class Guard {
  /** New at each start. It stands in the page, which a foreign site cannot read. */
  readonly token = randomBytes(24).toString('base64url')

  /** Why a request that only reads is refused, if it is. */
  refuseRead({ headers }: IncomingMessage): Refusal | undefined {
    const site = headers['sec-fetch-site']
    if (site === undefined || site === 'same-origin' || site === 'none') return undefined
    return { status: 403, code: 'FOREIGN', message: 'This is for the page itself, not for other sites.' }
  }

  /** Why a request that changes something is refused, if it is. */
  refuseAction(request: IncomingMessage): Refusal | undefined {
    const { headers } = request
    const refusal = this.refuseRead(request)
    if (refusal) return refusal
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
      return { status: 403, code: 'FOREIGN', message: 'This is for the page itself, not for other sites.' }
    if (headers['content-type'] !== 'application/json')
      return { status: 415, code: 'NOT_JSON', message: 'The content type must be application/json.' }
    if (!same(headers[TOKEN_HEADER], this.token))
      return { status: 403, code: 'STALE_PAGE', message: 'The server was started anew: load the page again.' }
    return undefined
  }
}

/** Takes as long for a wrong one whatever is right about it. */
export function same(given: string | string[] | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
