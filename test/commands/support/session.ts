import type { Io } from '../../../lib/commands/io'
import { Session } from '../../../lib/commands/session'
import { clientConfig } from '../../support/engine'

/** What a command or a check looks through: stage dev of a service of the engine at `endpoint`. */
export function sessionAt(
  endpoint: string,
  io: Io,
  now: () => number,
  more: Partial<Session['where']> = {},
): Session {
  const config = clientConfig(endpoint)
  const where = {
    service: 'shop',
    stage: 'dev',
    region: 'us-east-1',
    config,
    program: 'sls tasks',
    again: '',
  }
  return new Session({ ...where, ...more }, io, now)
}
