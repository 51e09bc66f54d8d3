import { SILENT } from '../../lib/commands/io'
import { type Engine, startEngine } from '../../lib/engine/server'
import { createPage } from '../../lib/page/server'
import { sessionAt } from '../commands/support/session'
import { temporaryFolder } from '../support/engine'
import { Seed } from '../support/seed'

export type Served = { engine: Engine; seed: Seed; token: string; close(): Promise<void> }

/** The page of a seeded service at an engine of its own. It takes `now` (epoch ms) for the time. */
export async function servedPage(service: string, now = Date.now()): Promise<Served> {
  const data = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: data.path })
  const seed = new Seed(engine.endpoint, service)
  await seed.deploy()
  const session = sessionAt(engine.endpoint, SILENT, () => now, { service, again: ' --local' })
  engine.serve(createPage(session, { local: true, poll: { running: 500, idle: 1000 } }).handle)
  const html = await (await fetch(engine.endpoint)).text()
  const token = /name="slipstream-token" content="([^"]+)"/.exec(html)?.[1] ?? ''
  return {
    engine,
    seed,
    token,
    close: async () => {
      seed.close()
      session.close()
      await engine.close()
      data.remove()
    },
  }
}
