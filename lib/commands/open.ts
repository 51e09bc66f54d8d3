import { listen } from '../page/listen'
import { createPage } from '../page/server'
import { usageError } from './errors'
import { findRun } from './input/run'
import type { Options } from './options'
import type { Session } from './session'

/** On AWS a look costs reads. Milliseconds. */
const POLL = { running: 5000, idle: 30_000 }

/** `tasks open`: serves the page on loopback, with the credentials of whoever runs it, until Ctrl-C. */
export async function run(session: Session, options: Options<'open'>): Promise<number> {
  const { io } = session
  if (options.run && !options.task) throw usageError('--run is of a task: name it with --task')
  const hash = await hashOf(session, options)
  const local = session.where.config.endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined
  const page = createPage(session, { local, poll: POLL })
  const { url } = await listen(page.handle, portOf(options.port))
  page.warm()
  session.interruption = 'The page is closed.'
  io.out(`${url}${hash}`)
  io.say('Only a browser that opens this address is answered. Ctrl-C ends it.')
  return new Promise(() => {})
}

async function hashOf(session: Session, { task, run }: Options<'open'>): Promise<string> {
  if (!task) return '#/'
  if (!run) return `#/t/${(await session.task(task)).task}`
  const found = await findRun(session, task, run)
  return `#/r/${found.task}/${found.run}`
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 0)
  if (text !== undefined && (!/^\d+$/.test(text) || port > 65_535))
    throw usageError(`--port: not a port: ${text}`)
  return port
}
