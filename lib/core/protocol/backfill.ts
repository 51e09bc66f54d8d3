/**
 * Backfill: the ticks of a stretch of the past, run through the same lock as every other.
 *
 * One message stands for all of them. Each time it comes it turns some ticks into `run` messages, as many as the task can
 * bear, and is sent again with its cursor behind them; so 10,000 ticks fill neither the queue nor the lock item. Nothing
 * rests on how many it takes or how fast it comes back: a `run` message that finds the task busy waits like any other,
 * and the admission copes with a full list by itself. Nor does anything rest on its coming once: what a repeated message
 * asks for is there already, or has a key that the first one's has too.
 */
import { type BackfillMessage, BadMessage, type RunMessage } from '../message'
import { nextTick, parseSchedule, type Schedule, ScheduleError } from '../schedule'
import { lookAtHolders } from './arm'
import { type Context, type Step, send, write } from './effect'
import { endPause, type Lock, newest, type Policy, policyOf, readLock } from './lock'
import { isEnded, readRecord } from './record'
import { fill } from './release'

/** Runs that may wait for a slot while backfill adds to them: a fresh tick has at most so many before it. */
const MOST_WAITING = 50
/** Ticks to look at in one go: a read each, well within the dispatcher's time-out. */
const MOST_TICKS = 100
/** Seconds. At its fastest a message has time to be admitted before the next look at the list. */
const FASTEST = 5
const SLOWEST = 300

export function* onBackfill(ctx: Context, message: BackfillMessage): Step<void> {
  const schedule = scheduleOf(message)
  const lock = yield* look(ctx, message)
  const room = roomIn(lock, message, ctx.now())
  const runs: RunMessage[] = []
  let cursor = message.cursor
  let looked = 0
  for (const tick of ticksOf(message, schedule, ctx.now())) {
    if (runs.length >= room || looked === MOST_TICKS) {
      yield* send(...runs.map((run) => ({ message: run, delaySeconds: 0 })))
      const pace = paceAfter(message.pace, lock, room)
      const delaySeconds = runs.length < room ? 0 : pace
      yield* send({ message: { ...message, cursor, pace }, delaySeconds })
      return
    }
    const run = yield* runFor(message, tick)
    if (run) runs.push(run)
    cursor = new Date(tick).toISOString()
    looked += 1
  }
  yield* send(...runs.map((run) => ({ message: run, delaySeconds: 0 })))
}

/** What has become due meanwhile is the schedule's own. */
function* ticksOf(message: BackfillMessage, schedule: Schedule, now: number): Generator<number> {
  const from = Date.parse(message.from)
  const to = Math.min(Date.parse(message.to), now)
  const after = message.cursor === undefined ? from - 1 : Date.parse(message.cursor)
  yield* ticksBetween(schedule, from, to, after)
}

/**
 * The ticks from `from` to `to`, both included, that are later than `after`; all in epoch ms. Those of a `rate`, whose
 * phase AWS sets anew at each deploy, are counted from `from`.
 */
export function* ticksBetween(
  schedule: Schedule,
  from: number,
  to: number,
  after = from - 1,
): Generator<number> {
  for (let tick = nextTick(schedule, after, from); tick !== undefined && tick <= to; ) {
    yield tick
    tick = nextTick(schedule, tick, from)
  }
}

function scheduleOf({ task, schedule, timezone }: BackfillMessage): Schedule {
  try {
    return parseSchedule(schedule, timezone)
  } catch (error) {
    if (error instanceof ScheduleError) throw new BadMessage(`backfill of ${task}: ${error.message}`)
    throw error
  }
}

/**
 * The lock, after what stands still was moved on. The task's schedule may be off, so that no tick comes by to notice an
 * old holder, the end of a pause, or a slot that is free although runs wait.
 */
function* look(ctx: Context, message: BackfillMessage): Step<Lock> {
  const { task } = message
  let lock = yield* readLock(task)
  yield* lookAtHolders(ctx, task, lock)
  if (lock.paused?.until !== undefined && lock.paused.until <= ctx.now()) {
    yield* write(endPause(task, lock.paused))
    lock = yield* readLock(task)
  }
  if (lock.waiting.length > 0) yield* fill(ctx, task, lock, policyIn(lock, message, ctx.now()))
  return lock
}

/** The task as it is now, or was when somebody asked for the backfill. */
function policyIn(lock: Lock, message: BackfillMessage, now: number): Policy {
  return newest(lock, policyOf(message, Math.min(now, Date.parse(message.backfill))))
}

/**
 * How many more runs the task can bear. The oldest that waits goes first, which is always the past; so that the present
 * has its turn too, the past stands back while something later than it waits.
 */
function roomIn(lock: Lock, message: BackfillMessage, now: number): number {
  const { to } = message
  const { concurrency } = policyIn(lock, message, now)
  if (lock.waiting.some((run) => run > to)) return 0
  const free = lock.paused ? 0 : Math.max(0, concurrency - Object.keys(lock.slots).length)
  return Math.max(0, MOST_WAITING + free - lock.waiting.length)
}

/** Seconds until the next look: sooner where the task has run dry, later and later where it has not got on. */
function paceAfter(pace = FASTEST, lock: Lock, room: number): number {
  if (lock.waiting.length === 0) return FASTEST
  return room === 0 ? Math.min(SLOWEST, pace * 2) : pace
}

/** The run that a tick is to have; undefined where it has it. */
function* runFor(message: BackfillMessage, tick: number): Step<RunMessage | undefined> {
  const { task, backfill, rerun = false, triggeredBy, definition, payload } = message
  const scheduledAt = new Date(tick).toISOString()
  const run = { kind: 'run', task, scheduledAt, backfill, triggeredBy, definition, payload } as const
  const record = yield* readRecord(task, scheduledAt)
  if (record === undefined) return { ...run, run: scheduledAt, trigger: 'backfill' }
  if (!rerun || !isEnded(record) || record.backfill === backfill) return undefined
  const key = yield* rerunKey(message, tick)
  return key === undefined ? undefined : { ...run, run: key, trigger: 'rerun', rerunOf: scheduledAt }
}

/**
 * The key of a tick's rerun by backfill: the tick's time and, in milliseconds, how many keys of that second were taken.
 * So it is found again by a repeated message, and in the waiting list a rerun stands where its tick would. Undefined
 * where this backfill has run it already.
 */
function* rerunKey({ task, backfill }: BackfillMessage, tick: number): Step<string | undefined> {
  for (let taken = 1; taken < 1000; taken++) {
    const key = new Date(tick + taken).toISOString()
    const record = yield* readRecord(task, key)
    if (record === undefined) return key
    if (record.backfill === backfill) return undefined
  }
  throw new BadMessage(
    `backfill of ${task}: all keys of the second ${new Date(tick).toISOString()} are taken`,
  )
}
