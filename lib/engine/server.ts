import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Service, ServiceContext } from './api'
import { createDynamoDb } from './backends/dynamodb'
import { createFauxqs } from './backends/fauxqs'
import { type Clock, systemClock } from './clock'
import { type Call, Door, type Unsigned } from './door/door'
import { Inside } from './door/inside'
import { followEndpoint } from './endpoint-change'
import { claim, release } from './engine-file'
import { createServices, type Services } from './services'

export type EngineOptions = {
  /** 0: any. Without it 4566, or the next that is free. One that is given and taken is an error (EADDRINUSE). */
  port?: number | undefined
  /** Where everything the engine knows is kept; made if it is not there. One engine at a time. */
  dataDir: string
  clock?: Clock
  region?: string
  /**
   * Milliseconds, less than a minute, by which Scheduler fires each tick late; 0 without it. AWS's fires anywhere within the
   * minute (EventBridge Scheduler User Guide, "60-second precision").
   */
  schedulerLateness?: number
  /** One line for a person at the terminal. */
  warn?(message: string): void
}

export type Engine = {
  /** `http://127.0.0.1:PORT` */
  endpoint: string
  region: string
  /** The services of our own, for what has no call in AWS's API. */
  services: Services
  /** Calls `listener` after each call of an API that was answered; gives what ends that. */
  onCall(listener: (call: Call) => void): () => void
  /** Hands over what bears no AWS signature, as the page's requests do. */
  serve(handler: Unsigned): void
  /** Resolves when nothing of the engine is left: no process, worker, timer or socket. */
  close(): Promise<void>
}

/** Starts the local AWS: one loopback port in front of our own services, dynalite and fauxqs. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { clock = systemClock, region = 'us-east-1', schedulerLateness = 0, warn = () => {} } = options
  const dataDir = resolve(options.dataDir)
  const door = await Door.open(options.port, warn, clock)
  const { endpoint } = door
  const inside = new Inside(door)
  const started: Service[] = []
  const add = <T extends Service>(service: T) => {
    started.push(service)
    door.add(service)
    return service
  }
  const close = async () => {
    door.prepareToClose()
    // What asks others of something ends before those it asks; only then does the door, and last the file that says
    // that the folder is taken.
    for (const service of [...started].reverse()) await service.close()
    await door.close()
  }

  try {
    await claim(dataDir, { endpoint, region, pid: process.pid })
  } catch (error) {
    await door.close()
    throw error
  }
  try {
    const contextOf = (name: string, folder = join(dataDir, name)): ServiceContext => {
      mkdirSync(folder, { recursive: true })
      return { clock, endpoint, inside, region, dataDir: folder, warn }
    }
    const backends = await Promise.allSettled([
      createDynamoDb(contextOf('dynamodb')).then(add),
      createFauxqs(contextOf('fauxqs', dataDir)).then((services) => services.map(add)),
    ])
    const failed = backends.find((backend) => backend.status === 'rejected')
    if (failed) throw failed.reason
    const stateful = ['lambda', 'cloudformation'].map((name) => contextOf(name).dataDir)
    followEndpoint(stateful, join(dataDir, 'endpoint'), endpoint)
    const services = createServices(contextOf, schedulerLateness)
    for (const service of Object.values(services)) add(service)
    return {
      endpoint,
      region,
      services,
      onCall: (listener) => door.onCall(listener),
      serve: (handler) => door.serve(handler),
      close: async () => {
        await close()
        release(dataDir)
      },
    }
  } catch (error) {
    await close()
    release(dataDir)
    throw error
  }
}
