import type { IncomingMessage, ServerResponse } from 'node:http'
import { usageError } from '../commands/errors'
import { explain } from '../commands/explain'
import type { Session } from '../commands/session'
import type { Service } from './api'
import { readAssets } from './assets'
import { Guard } from './guard'
import { respond, respondFailure } from './respond'
import { Routes } from './routes'
import { partsOf, urlOf } from './url'

const LARGEST_BODY = 1024 * 1024

/** Answers a request, whose Host was checked; false where the path is not one of the page's. */
export type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean

export type ServedPage = {
  handle: Handler
  /** Reads the list once, so that whoever then opens the page need not wait: the first look is the longest. */
  warm(): void
}

/** The page and its API, for any HTTP server on loopback: the engine's door, or that of `tasks open`. */
export function createPage(session: Session, how: Pick<Service, 'local' | 'poll'>): ServedPage {
  const { program, again, region = null } = session.where
  const service = { name: session.names.prefix, region, program, again, ...how }
  const guard = new Guard()
  const assets = readAssets(guard.token)
  const routes = new Routes(session, service)

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): Promise<void> {
    const { method } = incoming
    const asset = assets.get(url.pathname)
    if (asset) {
      if (method !== 'GET') return respondFailure(incoming, outgoing, NOT_ALLOWED)
      return respond(incoming, outgoing, asset)
    }
    const parts = partsOf(url)
    if (!parts) return respondFailure(incoming, outgoing, NOT_FOUND)
    const ask = { incoming, outgoing, parts, query: url.searchParams }
    if (method !== 'GET' && method !== 'POST') return respondFailure(incoming, outgoing, NOT_ALLOWED)
    const refusal = method === 'GET' ? guard.refuseRead(incoming) : guard.refuseAction(incoming)
    if (refusal) return respondFailure(incoming, outgoing, refusal)
    const found = method === 'GET' ? await routes.read(ask) : await routes.act(ask, await bodyOf(incoming))
    if (!found) await respondFailure(incoming, outgoing, NOT_FOUND)
  }

  const handle: Handler = (incoming, outgoing) => {
    const url = urlOf(incoming)
    if (!url || (!assets.has(url.pathname) && !url.pathname.startsWith('/api/'))) return false
    answer(incoming, outgoing, url).catch((error: unknown) => {
      if (outgoing.headersSent) return void outgoing.destroy()
      const { code, message } = explain(error, session.where)
      const status = STATUS[code] ?? 500
      return respondFailure(incoming, outgoing, { status, code, message })
    })
    return true
  }
  return { handle, warm: () => routes.warm() }
}

const NOT_FOUND = { status: 404, code: 'NOT_FOUND', message: 'There is no such path.' }
const NOT_ALLOWED = { status: 405, code: 'NOT_ALLOWED', message: 'Only GET and POST are answered.' }

/** Of the errors that a request can be at fault for; all else is AWS's or ours. */
const STATUS: Partial<Record<string, number>> = {
  USAGE: 400,
  NO_SUCH_TASK: 404,
  NO_SUCH_RUN: 404,
  NO_SUCH_ATTEMPT: 404,
  NOT_DEPLOYED: 404,
  PAUSED: 409,
  NOT_ENDED: 409,
  ENDED: 409,
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw usageError(`the body has more than ${LARGEST_BODY} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw usageError('the body is not JSON')
  }
}
