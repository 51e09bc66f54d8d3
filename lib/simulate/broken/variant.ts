import type { Message } from '../../core/message'
import type { Condition, Context, Effect, SingleEffect, Step, Write } from '../../core/protocol/effect'
import type { LogBatch } from '../../core/protocol/log-batch'
import type { Report } from '../../core/protocol/report'
import type { Gaps } from '../target'

/** Which handler a variant stands in for, and what brought it. */
export type Scene =
  | { kind: 'message'; message: Message; run: string | undefined }
  | { kind: 'batch' | 'report'; run: string | undefined }
  | { kind: 'person' }

/** Stands in for one effect: performs it, another, or none, and says what the core is to see. */
export type Handle = (effect: SingleEffect) => Step<unknown>

export type Handling = (scene: Scene, ctx: Context) => Handle

/** The core with one thing wrong, made around it: the core itself knows nothing of these. */
export type Variant = {
  /** What is wrong. */
  about: string
  handle?: Handling
  context?: (ctx: Context, scene: Scene) => Context
  batch?: (batch: LogBatch) => LogBatch
  report?: (report: Report) => Report
  gaps?: Gaps
}

/** A handler with every effect going through `handle`, also those that are done together: here one after the other. */
export function* altered<T>(step: Step<T>, handle: Handle): Step<T> {
  let next = step.next()
  while (!next.done) next = step.next(yield* handled(next.value, handle))
  return next.value
}

function* handled(effect: Effect, handle: Handle): Step<unknown> {
  if (effect.do !== 'together') return yield* handle(effect)
  const answers: unknown[] = []
  for (const one of effect.effects) answers.push(yield* handle(one))
  return answers
}

/** Performs an effect as it is. */
export function* asItIs(effect: Effect): Step<unknown> {
  return yield effect
}

/** Changes some writes and leaves the rest. */
export function rewriting(change: (write: Write) => Write | undefined): Handling {
  return () => (effect) => {
    const write = effect.do === 'write' ? change(effect.write) : undefined
    return asItIs(write ? { do: 'write', write } : effect)
  }
}

/** Leaves unsent what would send messages of this kind alone. */
export function unsent(kind: Message['kind']): Handling {
  return () =>
    function* (effect) {
      if (effect.do === 'send' && effect.messages.every(({ message }) => message.kind === kind))
        return undefined
      return yield effect
    }
}

/** Such a handler asks no stream whose it is, and takes every one for free. */
export function unfenced(kind: Scene['kind']): Handling {
  return (scene) =>
    function* (effect) {
      if (scene.kind === kind && effect.do === 'createStream') return 'created'
      if (scene.kind === kind && effect.do === 'putLine') return undefined
      return yield effect
    }
}

/** A condition without the clauses that `leftOut` names. */
export function without(condition: Condition, leftOut: (clause: Condition) => boolean): Condition {
  if (condition.op !== 'and' && condition.op !== 'or') return condition
  return {
    op: condition.op,
    of: condition.of.filter((one) => !leftOut(one)).map((one) => without(one, leftOut)),
  }
}

export const ALWAYS: Condition = { op: 'and', of: [] }

/** Whether a clause speaks of this path. */
export const about =
  (...path: string[]) =>
  (clause: Condition): boolean =>
    'path' in clause && path.every((name, index) => clause.path[index] === name)

const sets = (write: Write, ...path: string[]) =>
  write.set?.some(([at]) => at.length === path.length && path.every((name, index) => at[index] === name)) ??
  false

/** What a write is, by what it changes. */
export const is = {
  grant: (write: Write) =>
    write.table === 'locks' &&
    write.when.op === 'and' &&
    write.when.of.some((clause) => clause.op === 'sizeBelow'),
  /** Of a lock as it was seen; one that never was has no version. */
  handOver: (write: Write) =>
    write.table === 'locks' && sets(write, 'slots') && 'path' in write.when && write.when.path[0] === 'v',
  enqueue: (write: Write) => write.addMember !== undefined,
  displace: (write: Write) => write.table === 'locks' && sets(write, 'waiting') && !sets(write, 'slots'),
  release: (write: Write) =>
    write.table === 'locks' &&
    (write.remove?.some(([name, run]) => name === 'slots' && run !== undefined) ?? false),
  status: (write: Write): unknown =>
    write.table === 'runs' ? write.set?.find(([path]) => path[0] === 'status')?.[1] : undefined,
  end: (write: Write) => ['SUCCEEDED', 'FAILED', 'TIMED_OUT'].includes(String(is.status(write))),
}
