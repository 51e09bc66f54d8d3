import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiRequest, ApiResponse, Protocol, Service, ServiceContext } from '../../../lib/engine/api'
import type { Clock } from '../../../lib/engine/clock'
import { Door } from '../../../lib/engine/door/door'
import { Inside } from '../../../lib/engine/door/inside'
import { MovedClock } from '../../../lib/engine/moved-clock'
import { temporaryFolder } from '../../support/engine'

export type Served<S extends Service> = {
  readonly service: S
  readonly endpoint: string
  readonly clock: MovedClock
  readonly warnings: string[]
  readonly dataDir: string
  /** As a kill and a new start of the engine: a new service on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** One service behind the engine's door on any port, beside stand-ins for those that it calls. */
export async function serve<S extends Service>(
  create: (context: ServiceContext) => S,
  options: { start: string; others?: Service[]; clockOf?: (moved: MovedClock) => Clock },
): Promise<Served<S>> {
  const folder = temporaryFolder()
  const clock = new MovedClock(options.start)
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const door = await Door.open(0, warn)
  const dataDir = join(folder.path, 'service')
  mkdirSync(dataDir)
  const start = () =>
    create({
      clock: options.clockOf?.(clock) ?? clock,
      endpoint: door.endpoint,
      inside: new Inside(door),
      region: 'us-east-1',
      dataDir,
      warn,
    })
  let service = start()
  for (const other of [service, ...(options.others ?? [])]) door.add(other)
  return {
    get service() {
      return service
    },
    endpoint: door.endpoint,
    clock,
    warnings,
    dataDir,
    async restart() {
      await service.close()
      service = start()
      door.add(service)
    },
    async close() {
      await service.close()
      await door.close()
      clock.close()
      folder.remove()
    },
  }
}

/** Takes every call of a service, keeps it, and answers as it is told. */
export class StandIn implements Service {
  readonly requests: ApiRequest[] = []

  constructor(
    readonly name: string,
    readonly protocol: Protocol,
    public answer: (request: ApiRequest) => ApiResponse,
  ) {}

  async handle(request: ApiRequest): Promise<ApiResponse> {
    this.requests.push(request)
    return this.answer(request)
  }

  async close(): Promise<void> {}
}
