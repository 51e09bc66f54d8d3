import type { Effect, Step } from '../core/protocol/effect'
import type { Ports } from './ports'

/** Runs a step of the protocol against the world, one effect after the other. */
export async function perform<T>(step: Step<T>, ports: Ports): Promise<T> {
  let next = step.next()
  while (!next.done) next = step.next(await performOne(next.value, ports))
  return next.value
}

export async function performOne(
  effect: Effect,
  { store, queue, targets, logs, alerts }: Ports,
): Promise<unknown> {
  switch (effect.do) {
    case 'write':
      return store.write(effect.write)
    case 'read':
      return store.read(effect.table, effect.key)
    case 'send':
      return queue.send(effect.messages)
    case 'invoke':
      return targets.invoke(effect.invocation)
    case 'createStream':
      return logs.createStream(effect.stream)
    case 'putLine':
      return logs.putLine(effect.stream, effect.line)
    case 'readStream':
      return logs.readStream(effect.stream, effect.from, effect.limit)
    case 'alert':
      return alerts?.tell(effect)
    default:
      return effect satisfies never
  }
}
