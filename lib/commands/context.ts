import { random } from '../aws/random'
import type { Context } from '../core/protocol/effect'
import type { Session } from './session'

/** For a step of the protocol that is taken here and not in a handler. `what`, as in `cancel`, says whose step it is. */
export function contextOf(what: string, { now, names }: Pick<Session, 'now' | 'names'>): Context {
  return { now, random, by: `${what}-${random()}`, prefix: names.prefix }
}
