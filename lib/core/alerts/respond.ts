/** The alerter: what becomes of a run's end, and how what is owed is sent. */
import { absent, all, eq, present, read, type Write, write } from '../protocol/effect'
import { isEnded, readRecord } from '../protocol/record'
import { SECOND } from '../timing'
import { alertOf } from './alert'
import { type AlertContext, type AlertStep, notify, readEnds, readSchedule } from './effect'
import type { AlertPolicy } from './policy'
import { type AlertState, afterEnd, afterSending, type Decider, forgetting, stateOf, takeOver } from './state'

/** Longer than the alerter may run, so that nobody takes over from one that lives; shorter than Lambda's first retry. */
export const ALERTER_TIMEOUT = 30 * SECOND
const LEASE = 45 * SECOND
/** A channel that nobody can reach for days must not fill the lock. */
const MOST_OWED = 20

/** Some channel did not take it: to be tried again. */
export class Undelivered extends Error {
  override name = 'Undelivered'
}

const SILENT: AlertPolicy = { on: [], after: 1, startGrace: 1 }

/** A run has ended. Comes at least once, and not in order. */
export function* onEnded(ctx: AlertContext, { task, run }: { task: string; run: string }): AlertStep<void> {
  const record = yield* readRecord(task, run)
  if (!record || !isEnded(record) || record.finishedAt === undefined) return
  const { status, finishedAt } = record
  if (status === 'SKIPPED' || status === 'CANCELLED') return
  // Where nobody wants to hear any more, what was wrong is still to be forgotten when it is good again.
  const policy = (record.definition ?? (yield* readSchedule(task))?.definition)?.alerts ?? SILENT
  const ended = { run, succeeded: status === 'SUCCEEDED', finishedAt }
  yield* decide(ctx, task, function* (state, who) {
    const known =
      ended.succeeded || !state.open.failed ? state : forgetting(state, yield* lastGood(task, run))
    return afterEnd(known, ended, policy, who)
  })
}

/**
 * When (epoch ms) the run before ended well; 0 where it did not. A recovery may never have been told: alerts were off
 * meanwhile, or who should have told died. A failure after it is not to be taken for an old one.
 */
function* lastGood(task: string, run: string): AlertStep<number> {
  const ends = yield* readEnds(task, run)
  const last = ends.find(({ status }) => ['SUCCEEDED', 'FAILED', 'TIMED_OUT'].includes(status))
  return last?.status === 'SUCCEEDED' ? Date.parse(last.finishedAt ?? '') : 0
}

type Decision = (
  state: AlertState,
  who: Decider,
  lock: Record<string, unknown> | undefined,
) => AlertStep<AlertState>

/** Decides by the state as it is when the decision is written, and sends what is then this one's to send. */
export function* decide(ctx: AlertContext, task: string, decision: Decision): AlertStep<void> {
  let lock = yield* read('locks', { task })
  for (;;) {
    const seen = stateOf(lock)
    const now = ctx.now()
    const who = { by: ctx.by, now, until: now + LEASE }
    const next = yield* decision(takeOver(seen, who), who, lock)
    if (next === seen) return
    const state = { ...next, owed: newest(ctx, task, next.owed), v: seen.v + 1 }
    const result = yield* write(saved(task, seen, state, lock !== undefined))
    if (result.done) {
      yield* deliver(ctx, task, state, who)
      return
    }
    lock = result.item
  }
}

function* deliver(ctx: AlertContext, task: string, decided: AlertState, who: Decider): AlertStep<void> {
  const mine = Object.entries(decided.owed).filter(
    ([, owed]) => owed.by === who.by && owed.until === who.until,
  )
  const failed = new Set<string>()
  for (const [key, owed] of mine) {
    const left = yield* notify(yield* alertOf(ctx, task, owed), owed.channels)
    for (const channel of left) failed.add(channel)
    yield* note(task, key, left, decided)
  }
  if (failed.size > 0) throw new Undelivered(`${task}: not taken by ${[...failed].join(', ')}`)
}

function* note(task: string, key: string, left: readonly string[], decided: AlertState): AlertStep<void> {
  let seen = decided
  for (;;) {
    const next = afterSending(seen, key, left)
    if (next === seen) return
    const result = yield* write(saved(task, seen, { ...next, v: seen.v + 1 }, true))
    if (result.done) return
    seen = stateOf(result.item)
  }
}

/** If the state is as it was seen. A task that never ran has no lock yet; the one that is made is free. */
function saved(task: string, seen: AlertState, state: AlertState, hasLock: boolean): Write {
  const unchanged = seen.v === 0 ? absent('alerts') : eq(['alerts', 'v'], seen.v)
  return {
    table: 'locks',
    key: { task },
    set: [[['alerts'], state], ...(hasLock ? [] : [[['slots'], {}] as const])],
    when: hasLock ? all(present('slots'), unchanged) : absent('task'),
  }
}

function newest(ctx: AlertContext, task: string, owed: AlertState['owed']): AlertState['owed'] {
  const entries = Object.entries(owed)
  if (entries.length <= MOST_OWED) return owed
  for (const [key] of entries.slice(0, -MOST_OWED)) ctx.warn('alert given up', { task, alert: key })
  return Object.fromEntries(entries.slice(-MOST_OWED))
}
