import { Session } from '../../lib/commands/session'
import { serviceNames } from '../../lib/core/names'
import { type Engine, startEngine } from '../../lib/engine/server'
import type { TestService } from '../../test/e2e/support/service'
import { clientConfig, temporaryFolder } from '../../test/support/engine'
import { SERVICE } from './names'

/** An engine that goes by the machine's own clock, with a service deployed to it. */
export type Deployed = {
  engine: Engine
  names: ReturnType<typeof serviceNames>
  /** For the commands; what they print goes nowhere. */
  session: Session
  close(): Promise<void>
}

export async function deployed(service: TestService): Promise<Deployed> {
  const data = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: data.path })
  const config = clientConfig(engine.endpoint)
  const where = {
    service: SERVICE,
    stage: 'dev',
    region: engine.region,
    config,
    program: 'sls tasks',
    again: '',
  }
  const session = new Session(where, { out() {}, say() {}, width: 80, colour: false, ask: undefined })
  const close = async () => {
    session.close()
    await engine.close()
    data.remove()
    service.remove()
  }
  try {
    await service.sls(engine.endpoint, 'deploy')
  } catch (error) {
    await close()
    throw error
  }
  return { engine, names: serviceNames(SERVICE, 'dev'), session, close }
}

/** Sends a tick of a task now, as Scheduler does. Gives its time, epoch ms. */
export async function fire({ engine, names }: Deployed, task: string, tick = Date.now()): Promise<number> {
  const second = Math.floor(tick / 1000) * 1000
  await engine.services.scheduler.fireNow(names.scheduleGroup, task, second)
  return second
}
