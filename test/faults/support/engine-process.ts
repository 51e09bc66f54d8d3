/**
 * An engine in a process that may be killed, on a clock that is moved. It does what `sls tasks dev` does, but for the
 * deployment: that one is left to who asks. Commands come over IPC and are answered in their order.
 */
import { Clients } from '../../../lib/aws/clients'
import { enabledTasks, sendComingTicks } from '../../../lib/commands/dev/schedules'
import { repairService } from '../../../lib/commands/repair'
import { serviceNames } from '../../../lib/core/names'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { startEngine } from '../../../lib/engine/server'
import { clientConfig } from '../../support/engine'
import { Pace } from './pace'
import { SERVICE } from './tasks'

export type Command = { do: 'repair' } | { do: 'advance'; ms: number } | { do: 'close' }
/** The time is the engine's, epoch ms. */
export type Answer = { now: number; endpoint: string; error?: string }

async function main([dataDir = '', start = '']: string[]): Promise<void> {
  const clock = new MovedClock(Number(start))
  // The steps of a repair are this process's own.
  Date.now = () => clock.now()
  const engine = await startEngine({ dataDir, port: 0, clock })
  const pace = new Pace(engine, clock)
  const clients = new Clients(clientConfig(engine.endpoint))
  const names = serviceNames(SERVICE, 'dev')

  async function obey(command: Command): Promise<void> {
    switch (command.do) {
      case 'advance':
        return pace.advance(command.ms)
      case 'repair': {
        const tasks = await enabledTasks(clients.scheduler, names.scheduleGroup)
        await repairService(names, clients, tasks)
        return sendComingTicks((await clients.ports(names)).queue, tasks, clock.now())
      }
      case 'close':
        clients.close()
        pace.stop()
        await engine.close()
        clock.close()
        process.disconnect()
    }
  }

  const answer = (error?: unknown) => {
    if (!process.connected) return
    const text = error instanceof Error ? String(error.stack) : error
    process.send?.({ now: clock.now(), endpoint: engine.endpoint, error: text } as Answer)
  }
  process.on('message', (command: Command) => void obey(command).then(() => answer(), answer))
  answer()
}

void main(process.argv.slice(2))
