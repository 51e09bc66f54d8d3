import type { Engine } from '../../engine/server'
import { DUMMY_CREDENTIALS } from '../../local-engine'
import { createPage } from '../../page/server'
import { SILENT } from '../io'
import { Session } from '../session'

/** Looking costs nothing here. Milliseconds. */
const POLL = { running: 2000, idle: 5000 }

/** Serves the page of a service at the engine's own address; gives what ends it. */
export function servePage(
  engine: Engine,
  { service, stage }: { service: string; stage: string },
): () => void {
  const { endpoint, region } = engine
  const config = { endpoint, region, credentials: DUMMY_CREDENTIALS }
  const where = { service, stage, region, config, program: 'sls tasks', again: ' --local' }
  const session = new Session(where, SILENT)
  const page = createPage(session, { local: true, poll: POLL })
  engine.serve(page.handle)
  page.warm()
  return () => session.close()
}
