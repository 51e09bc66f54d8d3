/** Effects and messages in a few words, for the trace. */
import type { Message } from '../core/message'
import type { Item, SingleEffect, Write } from '../core/protocol/effect'

export function describe(effect: SingleEffect, answer?: unknown): string {
  switch (effect.do) {
    case 'write':
      return `write ${ofWrite(effect.write)}${ofAnswer(effect.write, answer)}`
    case 'read':
      return `read ${effect.table} ${effect.key.run ?? effect.key.task}${ofItem(answer)}`
    case 'send':
      return `send ${effect.messages.map(({ message, delaySeconds }) => `${ofMessage(message)} in ${delaySeconds} s`).join(', ')}`
    case 'invoke': {
      const { run, attempt } = effect.invocation.payload.slipstream
      return `invoke for ${run} attempt ${attempt}${answer ? ` -> ${(answer as { outcome: string }).outcome}` : ''}`
    }
    case 'createStream':
      return `create stream ${ofStream(effect.stream.logStream)}${answer ? ` -> ${answer}` : ''}`
    case 'putLine':
      return `put a line into ${ofStream(effect.stream.logStream)}`
    case 'readStream':
      return `read ${effect.from} of ${ofStream(effect.stream.logStream)}${answer ? ` -> ${(answer as unknown[]).length} lines` : ''}`
    case 'alert':
      return `tell of ${effect.run}`
    default:
      return effect satisfies never
  }
}

export function ofMessage(message: Message): string {
  switch (message.kind) {
    case 'tick':
      return message.everySeconds === undefined
        ? `tick(${message.scheduledAt})`
        : `minute(${message.scheduledAt} every ${message.everySeconds} s)`
    case 'run':
      return `${message.trigger}(${message.run})`
    case 'next':
      return `next(${message.run})`
    case 'retry':
      return `retry(${message.run}, ${message.attempt})`
    case 'deadline':
      return `deadline(${message.run}${message.attempt === undefined ? '' : `, ${message.attempt}`})`
    case 'look':
      return 'look'
    case 'backfill':
      return `backfill(${message.backfill})`
    default:
      return message satisfies never
  }
}

/** The attempt and the random end of a stream's name: enough to tell streams apart. */
export function ofStream(logStream: string): string {
  return logStream.slice(logStream.lastIndexOf(']') + 1)
}

function ofWrite({ table, key, set = [], remove = [], addMember }: Write): string {
  if (table === 'runs') {
    const of = (name: string) => set.find(([path]) => path.length === 1 && path[0] === name)?.[1]
    const words = ['status', 'attempt', 'reason', 'blockedBy'].map(of).filter((value) => value !== undefined)
    return `run ${key.run}: ${words.length > 0 ? words.join(' ') : set.map(([path]) => path.join('.')).join(' ')}`
  }
  const changes = [
    ...set
      .filter(([path]) => path[0] !== 'functionTimeout' && path[0] !== 'asOf')
      .map(([path, value]) => `${path.join('.')} = ${ofValue(value)}`),
    ...remove.map((path) => `no ${path.join('.')}`),
    ...(addMember ? [`${addMember[0].join('.')} + ${addMember[1]}`] : []),
  ]
  return `lock: ${changes.join(', ')}`
}

function ofValue(value: unknown): string {
  if (value instanceof Set) return `{${[...value].join(' ')}}`
  if (typeof value === 'number') return value > 1e9 ? 'until' : String(value)
  return typeof value === 'object' && value !== null ? `{${Object.keys(value).join(' ')}}` : String(value)
}

function ofAnswer(write: Write, answer: unknown): string {
  if (answer === undefined) return ''
  const { done, item } = answer as { done: boolean; item?: Item }
  return done ? ' -> done' : ` -> refused, ${write.table === 'runs' ? 'it is' : 'the lock is'}${ofItem(item)}`
}

function ofItem(item: unknown): string {
  if (item === undefined) return ''
  if (typeof item !== 'object' || item === null) return ` ${String(item)}`
  const { status, attempt, slots, waiting, paused } = item as Item
  if (status !== undefined) return ` -> ${status}${attempt === undefined ? '' : ` ${attempt}`}`
  return ` -> slots ${ofValue(slots ?? {})} waiting ${ofValue(waiting ?? new Set())}${paused ? ' paused' : ''}`
}
