import { Session } from '../../lib/commands/session'
import { type Engine, startEngine } from '../../lib/engine/server'
import { createPage } from '../../lib/page/server'
import { clientConfig, temporaryFolder } from '../support/engine'
import { Seed } from '../support/seed'

export type Served = { engine: Engine; seed: Seed; token: string; close(): Promise<void> }

/** The page of a seeded service at an engine of its own. It takes `now` (epoch ms) for the time. */
export async function servedPage(service: string, now = Date.now()): Promise<Served> {
  const data = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: data.path })
  const seed = new Seed(engine.endpoint, service)
  await seed.deploy()
  const where = {
    service,
    stage: 'dev',
    region: engine.region,
    config: clientConfig(engine.endpoint),
    program: 'sls tasks',
    again: ' --local',
  }
  const io = { out() {}, say() {}, width: 80, colour: false, ask: undefined }
  const session = new Session(where, io, () => now)
  engine.serve(
    createPage(session, {
      name: session.names.prefix,
      region: engine.region,
      local: true,
      program: where.program,
      again: where.again,
      poll: { running: 500, idle: 1000 },
    }).handle,
  )
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
