/**
 * Backfill: the ticks of a stretch of the past, run through the same lock as every other.
 *
 * One message stands for all of them. Each time it comes it turns some ticks into runs that wait, as many as the task can
 * bear, lets them all join the list in one write of the lock, and is sent again with its cursor behind them; so 10,000
 * ticks fill neither the queue nor the lock item. Nothing rests on how many it takes or how fast it comes back. Nor does
 * anything rest on its coming once: a repeated message finds its own runs by their keys, and lets those join that wait.
 */
import { type BackfillMessage, BadMessage } from '../message'
import { nextTick, parseSchedule, type Schedule, ScheduleError } from '../schedule'
import { DISPATCHER_TIMEOUT } from '../timing'
import { lookAtHolders } from './arm'
import { type Context, type Step, send, write } from './effect'
import { endPause, type Lock, newest, type Policy, policyOf, readLock } from './lock'
import { isEnded, type RunRecord } from './record'
import { queued } from './record-writes'
import { fill } from './release'

/** Runs that may wait for a slot while backfill adds to them: a fresh tick has at most so many before it. */
const MOST_WAITING = 50
/** Ticks to look at in one go: a write each, also where ten backfills come in one batch well within the time-out. */
const MOST_TICKS = 25
/** Where the store is slow, so long (ms): it goes on with the next message before its handler is killed. */
const LONGEST_LOOK = DISPATCHER_TIMEOUT / 3
/** Keys that are tried for one tick: a write each, so that it is found out within the time-out that all are taken. */
const MOST_KEYS = 100
/** Seconds until the next look at a list that was full. */
const FASTEST = 5
const SLOWEST = 300

export function* onBackfill(ctx: Context, message: BackfillMessage): Step<void> {
  const schedule = scheduleOf(message)
  const began = ctx.now()
  const lock = yield* look(ctx, message)
  const room = roomIn(lock, message, ctx.now())
  const runs: string[] = []
  let cursor = message.cursor
  let looked = 0
  let goesOn = false
  let fault: BadMessage | undefined
  for (const tick of ticksOf(message, schedule, ctx.now())) {
    const isEnough = looked === MOST_TICKS || (looked > 0 && ctx.now() - began > LONGEST_LOOK)
    goesOn = runs.length >= room || isEnough
    if (goesOn) break
    const run = yield* runFor(ctx, message, tick)
    if (run instanceof BadMessage) {
      fault = run
      break
    }
    if (run !== undefined) runs.push(run)
    cursor = new Date(tick).toISOString()
    looked += 1
  }
  yield* fill(ctx, message.task, lock, policyIn(lock, message, ctx.now()), runs)
  // What was made before it joins all the same; nothing else would let it.
  if (fault !== undefined) throw fault
  if (!goesOn) return
  const pace = paceAfter(message.pace, lock, room)
  yield* send({ message: { ...message, cursor, pace }, delaySeconds: runs.length < room ? 0 : pace })
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
 * old holder, or the end of a pause.
 */
function* look(ctx: Context, message: BackfillMessage): Step<Lock> {
  const { task } = message
  let lock = yield* readLock(task)
  yield* lookAtHolders(ctx, task, lock)
  if (lock.paused?.until !== undefined && lock.paused.until <= ctx.now()) {
    yield* write(endPause(task, lock.paused))
    lock = yield* readLock(task)
  }
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

/**
 * The run that a tick is to have, QUEUED: made now, or by this message when it came before. Undefined where it has it
 * already. A fault where it can have none.
 *
 * A rerun's key is the tick's time and, in milliseconds, how many keys of that second were taken. So it is found again by
 * a repeated message, and in the waiting list a rerun stands where its tick would.
 */
function* runFor(
  ctx: Context,
  message: BackfillMessage,
  tick: number,
): Step<string | BadMessage | undefined> {
  const { task, backfill, rerun = false, triggeredBy, definition, payload } = message
  const scheduledAt = new Date(tick).toISOString()
  const run = { task, scheduledAt, backfill, triggeredBy, definition, payload }
  for (let taken = 0; taken < MOST_KEYS; taken++) {
    const key = new Date(tick + taken).toISOString()
    const kind =
      taken === 0 ? ({ trigger: 'backfill' } as const) : ({ trigger: 'rerun', rerunOf: scheduledAt } as const)
    const result = yield* write(queued({ ...run, ...kind, run: key }, ctx.now()))
    if (result.done) return key
    const record = result.item as RunRecord
    const isOurs = record.backfill === backfill
    // Also one that another backfill made and, lost on the way, never let join.
    if (record.status === 'QUEUED' && (isOurs || record.trigger === 'backfill')) return key
    if (isOurs || (taken === 0 && !(rerun && isEnded(record)))) return undefined
  }
  return new BadMessage(
    `backfill of ${task}: the tick ${scheduledAt} was run ${MOST_KEYS} times; sls tasks rerun runs it once more`,
  )
}
