/**
 * The protocol is written as generators: each `yield` is one effect on the world and one place where a handler may die.
 * The shell performs the effects through ports (lib/ports), a simulation may perform them in any order it likes.
 */
import type { Definition } from '../definition'
import type { Message } from '../message'
import type { TargetPayload } from '../payload'

export type Table = 'runs' | 'locks'
export type Key = { task: string; run?: string }
export type Item = Record<string, unknown>
/** Names of attributes and map keys; a number is an index into a list. */
export type Path = readonly (string | number)[]

export type Condition =
  | { op: 'absent' | 'present'; path: Path }
  | { op: 'eq' | 'lt'; path: Path; value: unknown }
  | { op: 'sizeBelow'; path: Path; limit: number }
  | { op: 'and' | 'or'; of: readonly Condition[] }

/** A conditional change of one item: done whole or not at all. An attribute of type Set is a set of strings. */
export type Write = {
  table: Table
  key: Key
  when: Condition
  set?: readonly (readonly [Path, unknown])[]
  remove?: readonly Path[]
  /** [to, from, n]: sets one attribute to another number of the item plus n. */
  sum?: readonly [Path, Path, number]
  /** Adds 1 to a number, which is 0 where it is absent. */
  increment?: Path
  /** Adds a member to a set of strings, which is empty where it is absent. */
  addMember?: readonly [Path, string]
}

/**
 * A write that was done brings the item as it is now; a refusal, the item as it was when it refused, undefined where
 * there is none.
 */
export type WriteResult = { done: true; item: Item } | { done: false; item: Item | undefined }

export type Outgoing = { message: Message; delaySeconds: number }

export type Invocation = { definition: Definition; payload: TargetPayload }
/**
 * accepted: a 202. refused: it will never be accepted (no such function, no right). throttled: surely not accepted.
 * unknown: no answer, or one that does not say.
 */
export type InvokeResult =
  | { outcome: 'accepted' | 'throttled' | 'unknown' }
  | { outcome: 'refused'; error: string }

export type Stream = { logGroup: string; logStream: string }
export type LogLine = { timestamp: number; message: string }

export type SingleEffect =
  | { do: 'write'; write: Write }
  | { do: 'read'; table: Table; key: Key }
  | { do: 'send'; messages: readonly Outgoing[] }
  | { do: 'invoke'; invocation: Invocation }
  | { do: 'createStream'; stream: Stream }
  | { do: 'putLine'; stream: Stream; line: string }
  | { do: 'readStream'; stream: Stream; from: 'head' | 'tail'; limit: number }
  | { do: 'alert'; task: string; run: string }

/**
 * `together`: none waits for another, so they are done in any order. All have come to their end before the handler goes on;
 * where one fails, it fails then.
 */
export type Effect = SingleEffect | { do: 'together'; effects: readonly SingleEffect[] }

export type Step<T> = Generator<Effect, T, unknown>

/** What a handler knows besides its message. */
export type Context = {
  /** Epoch ms. */
  now(): number
  /** A short random string of `[0-9a-z]`. */
  random(): string
  /** Who acts: the message's id, or the request id in the checker. Both survive a redelivery. */
  by: string
  /** `SERVICE-STAGE`. */
  prefix: string
}

export function* write(change: Write): Step<WriteResult> {
  return (yield { do: 'write', write: change }) as WriteResult
}

/** A write, and messages that are sent whether or not it is refused. */
export function* writeAndSend(change: Write, ...messages: Outgoing[]): Step<WriteResult> {
  const [result] = (yield {
    do: 'together',
    effects: [
      { do: 'write', write: change },
      { do: 'send', messages },
    ],
  }) as [WriteResult, undefined]
  return result
}

export function* read(table: Table, key: Key): Step<Item | undefined> {
  return (yield { do: 'read', table, key }) as Item | undefined
}

export function* send(...messages: Outgoing[]): Step<void> {
  if (messages.length > 0) yield { do: 'send', messages }
}

export function* invoke(invocation: Invocation): Step<InvokeResult> {
  return (yield { do: 'invoke', invocation }) as InvokeResult
}

/** Takes a stream: `created` for whoever comes first. `no-group`: the log group is gone. */
export function* createStream(stream: Stream): Step<'created' | 'exists' | 'no-group'> {
  return (yield { do: 'createStream', stream }) as 'created' | 'exists' | 'no-group'
}

export function* putLine(stream: Stream, line: string): Step<void> {
  yield { do: 'putLine', stream, line }
}

/** Tells the alerter that a run has ended; done when it is sure to hear of it. Nothing where there is no alerter. */
export function* alert({ task, run }: { task: string; run: string }): Step<void> {
  yield { do: 'alert', task, run }
}

/** An end record is the last line; some before it are looked at, for the case that something was written behind it. */
export const TAIL = 100
/** As many lines as GetLogEvents gives at once (API reference). */
export const WHOLE = 10_000

/** At most `limit` lines, oldest first. No lines where there is no stream. */
export function* readStream(stream: Stream, from: 'head' | 'tail', limit: number): Step<LogLine[]> {
  return (yield { do: 'readStream', stream, from, limit }) as LogLine[]
}

export const absent = (...path: Path): Condition => ({ op: 'absent', path })
export const present = (...path: Path): Condition => ({ op: 'present', path })
export const eq = (path: Path, value: unknown): Condition => ({ op: 'eq', path, value })
export const all = (...of: Condition[]): Condition => ({ op: 'and', of })
export const any = (...of: Condition[]): Condition => ({ op: 'or', of })
