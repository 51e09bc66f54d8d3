import type { Engine } from '../../engine/server'
import { DUMMY_CREDENTIALS } from '../../local-engine'
import { createPage } from '../../page/server'
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
  const again = ' --local'
  const where = { service, stage, region, config, program: 'sls tasks', again }
  const session = new Session(where, { out() {}, say() {}, width: 80, colour: false, ask: undefined })
  const page = createPage(session, {
    name: session.names.prefix,
    region,
    local: true,
    program: where.program,
    again,
    poll: POLL,
  })
  engine.serve(page.handle)
  page.warm()
  return () => session.close()
}
