import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Effect, SingleEffect, Step } from '../core/protocol/effect'
import type { Ports } from './ports'

/** Runs a step of the protocol against the world. */
export async function perform<T>(step: Step<T>, ports: Ports): Promise<T> {
  let next = step.next()
  while (!next.done) next = step.next(await performOne(next.value, ports))
  return next.value
}

/**
 * Nothing may go on behind a handler that has ended: Lambda freezes its process there. Each begins when the call of the one
 * before is on its way: made ready side by side, each would wait for the others' work.
 */
async function performAll(effects: readonly SingleEffect[], ports: Ports): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(
    effects.map(async (effect, before) => {
      for (let turn = 0; turn < before; turn++) await nextTurn()
      return performOne(effect, ports)
    }),
  )
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}

export async function performOne(effect: Effect, ports: Ports): Promise<unknown> {
  const { store, queue, targets, logs, alerts } = ports
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
    case 'together':
      return performAll(effect.effects, ports)
    default:
      return effect satisfies never
  }
}
