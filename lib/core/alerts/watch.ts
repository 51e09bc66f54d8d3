/**
 * The watcher: compares the ticks that were due, by the tasks as they were deployed, with the runs that exist and with the
 * lock. It asks nobody who has a part in running them. Each look is at one stretch of time, named by its message, so a look
 * that comes late or twice finds the same, and none between two is left out.
 */
import * as z from 'zod/mini'
import { duration, span } from '../duration'
import { TASK_NAME } from '../names'
import { type Lock, lockOf } from '../protocol/lock'
import { isEnded, type RunRecord, readRecord } from '../protocol/record'
import { nextTick, parseSchedule, type Schedule } from '../schedule'
import { iso, why } from '../sentence'
import { SECOND } from '../timing'
import { type AlertContext, type AlertStep, readRunKeys, readSchedule } from './effect'
import { AlertPolicy } from './policy'
import { decide } from './respond'
import { afterFinding, afterWait, type Found } from './state'

const MINUTE = 60 * SECOND

/** How often it looks. */
export const WATCH_PERIOD = 5 * MINUTE
/** Scheduler fires anywhere in a tick's minute, and messages take their time: a tick without a run so long after is missed. */
export const MISSED_AFTER = 5 * MINUTE
/** What nothing has ended so long after it could have been is stuck. */
const STUCK_AFTER = 15 * MINUTE
/** The first tick after a deploy: an unfolded schedule sends the ticks of the minute after the next. */
const SETTLING = 2 * MINUTE
/** Waiting runs that are looked at in one look. */
const MOST_WAITING = 10

export const Watched = z.object({
  task: z.string().check(z.regex(TASK_NAME)),
  schedule: z.string(),
  timezone: z.string(),
  policy: AlertPolicy,
})
export type Watched = z.infer<typeof Watched>

/** The input of the watcher's schedule; `watch` is the time that Scheduler puts in, to which the look belongs. */
export const WatchMessage = z.object({ watch: z.iso.datetime(), tasks: z.array(Watched) })
export type WatchMessage = z.infer<typeof WatchMessage>

/** `at` (epoch ms): the time of the look. */
export function* watchTask(ctx: AlertContext, watched: Watched, at: number): AlertStep<void> {
  const { task, policy } = watched
  yield* decide(ctx, task, function* (state, who, lock) {
    const looked = { ctx, watched, lock: lockOf(lock), at }
    let next = state
    if (policy.on.includes('missed')) next = withFinding(next, yield* missed(looked))
    if (policy.on.includes('late')) next = withFinding(next, yield* late(looked))
    if (policy.on.includes('stuck')) next = withFinding(next, yield* stuck(looked))
    return isPaused(looked.lock, who.now) ? next : afterWait(next, policy, who)

    function withFinding(before: typeof state, found: Found | undefined) {
      return found ? afterFinding(before, found, policy, who) : before
    }
  })
}

const isPaused = ({ paused }: Lock, now: number) =>
  paused !== undefined && !(paused.until !== undefined && paused.until <= now)

type Look = { ctx: AlertContext; watched: Watched; lock: Lock; at: number }

function* missed({ ctx, watched, lock, at }: Look): AlertStep<Found | undefined> {
  if (isPaused(lock, ctx.now())) return undefined
  const { task, timezone } = watched
  const to = at - MISSED_AFTER
  const schedule = parseSchedule(watched.schedule, timezone)
  const settling = schedule.kind === 'rate' ? schedule.period : SETTLING
  const gone =
    schedule.kind === 'rate'
      ? yield* silentRate(task, schedule.period, to)
      : yield* withoutRun(task, schedule, to)
  if (gone.length === 0) return undefined
  const deployed = yield* readSchedule(task)
  // It was made or changed since: by whom and to what is not known here, and the ticks before it were another schedule's.
  const since = deployed === undefined ? 0 : deployed.changedAt + (deployed.enabled ? settling : 0)
  const due = gone.filter((tick) => tick > since)
  const [first] = due
  if (first === undefined) return undefined
  const more = due.length > 1 ? ` (and ${due.length - 1} more after it)` : ''
  const because =
    deployed === undefined
      ? 'its schedule does not exist'
      : deployed.enabled
        ? 'its schedule is enabled, so look at the queue and its dead letters'
        : 'its schedule is disabled'
  return {
    trouble: 'missed',
    tick: new Date(first).toISOString(),
    hasRun: false,
    text: `MISSED: the tick ${iso(first)} has no run${more}; ${because}`,
  }
}

/** The ticks (epoch ms) of this look that have no record. */
function* withoutRun(task: string, schedule: Schedule, to: number): AlertStep<number[]> {
  const ticks: number[] = []
  for (
    let tick = nextTick(schedule, to - WATCH_PERIOD);
    tick !== undefined && tick <= to;
    tick = nextTick(schedule, tick)
  )
    ticks.push(tick)
  const keys = ticks.map((tick) => new Date(tick).toISOString())
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined) return []
  const known = new Set(yield* readRunKeys(task, first, last))
  return ticks.filter((_, index) => !known.has(keys[index] as string))
}

/** Scheduler alone knows the phase of a `rate`: that one is due is known, and not to the second when. */
function* silentRate(task: string, period: number, to: number): AlertStep<number[]> {
  const from = to - period
  // Looked at once a period, or where that is shorter at each look.
  if (period > WATCH_PERIOD && Math.floor(to / period) === Math.floor((to - WATCH_PERIOD) / period)) return []
  const keys = yield* readRunKeys(
    task,
    new Date(from).toISOString(),
    new Date(to + MISSED_AFTER).toISOString(),
  )
  return keys.length > 0 ? [] : [to]
}

function* late({ ctx, watched, lock }: Look): AlertStep<Found | undefined> {
  const { task, policy } = watched
  const now = ctx.now()
  if (isPaused(lock, now)) return undefined
  const grace = policy.startGrace * SECOND
  const old = [...Object.keys(lock.slots), ...lock.waiting]
    .filter((run) => now - Date.parse(run) > grace)
    .sort()
  for (const run of old.slice(0, MOST_WAITING)) {
    const record = yield* readRecord(task, run)
    if (record?.status !== 'QUEUED' || record.trigger !== 'schedule') continue
    const text = `LATE: due ${iso(Date.parse(run))} and not started ${duration(now - Date.parse(run))} later, startGrace is ${span(policy.startGrace)}: ${why(record)}`
    return { trouble: 'late', tick: run, hasRun: true, text }
  }
  return undefined
}

function* stuck({ ctx, watched, lock }: Look): AlertStep<Found | undefined> {
  const { task, policy } = watched
  const now = ctx.now()
  for (const [run, until] of Object.entries(lock.slots).sort()) {
    if (policy.maxRuntime === undefined && until + STUCK_AFTER > now) continue
    const record = yield* readRecord(task, run)
    const text = stuckText(record, until, policy, now)
    if (text !== undefined)
      return { trouble: 'stuck', tick: run, hasRun: record !== undefined, text: `STUCK: ${text}` }
  }
  return undefined
}

function stuckText(
  record: RunRecord | undefined,
  slotUntil: number,
  { maxRuntime }: AlertPolicy,
  now: number,
): string | undefined {
  const isOver = (at: number) => at + STUCK_AFTER < now
  const advice = 'sls tasks check --repair takes it up again'
  if (record === undefined)
    return isOver(slotUntil) ? `it took a slot and was never started; ${advice}` : undefined
  if (isEnded(record))
    return isOver(slotUntil) ? `it ended ${record.status}, but its slot is still taken; ${advice}` : undefined
  const { status, attempts = [], until = slotUntil, retryAt = slotUntil } = record
  const started = Date.parse(attempts[0]?.startedAt ?? '')
  if (maxRuntime !== undefined && now - started > maxRuntime * SECOND)
    return `${status} since ${iso(started)}, ${duration(now - started)}, maxRuntime is ${span(maxRuntime)}`
  const over = status === 'RETRYING' ? Math.max(retryAt, slotUntil) : status === 'RUNNING' ? until : slotUntil
  return isOver(over) ? `${status} although it must have been over at ${iso(over)}; ${advice}` : undefined
}
