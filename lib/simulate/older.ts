/** Handlers of the version before, as they are while an upgrade is deployed: what they write and see of the lock. */
import type { Message } from '../core/message'
import type { Condition, Effect, Item, Step, Write } from '../core/protocol/effect'
import { altered } from './broken/variant'

/** What came to the lock since. */
const NEWER = ['asOf', 'functionTimeout', 'looksAt']
const isNewer = (name: unknown) => NEWER.includes(String(name))

/** The step as an older handler takes it. */
export function asBefore<T>(step: Step<T>): Step<T> {
  return altered(step, function* (effect: Effect) {
    if (effect.do === 'read' && effect.table === 'locks') return seen((yield effect) as Item | undefined)
    if (effect.do !== 'write' || effect.write.table !== 'locks') return yield effect
    const answer = (yield { do: 'write', write: written(effect.write) }) as { item?: Item }
    return { ...answer, item: seen(answer.item) }
  })
}

/** A message as an older handler reads it: what it does not know is not there. */
export function readBefore(message: Message): Message {
  if (!('definition' in message)) return message
  const { every: _, ...definition } = message.definition
  return { ...message, definition }
}

function seen(item: Item | undefined): Item | undefined {
  if (item === undefined) return undefined
  return Object.fromEntries(Object.entries(item).filter(([name]) => !isNewer(name)))
}

function written(write: Write): Write {
  return {
    ...write,
    ...(write.set ? { set: write.set.filter(([[name]]) => !isNewer(name)) } : {}),
    when: asked(write.when),
  }
}

function asked(condition: Condition): Condition {
  if (condition.op !== 'and') return condition
  return {
    op: 'and',
    of: condition.of.filter((clause) => !(clause.op === 'or' && clause.of.some(isOfNewer))),
  }
}

const isOfNewer = (clause: Condition) => 'path' in clause && isNewer(clause.path[0])
