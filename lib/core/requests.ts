/** What people ask of a task: the messages that stand for a run by hand, a rerun and a backfill. Pure. */
import type { Definition } from './definition'
import type { BackfillMessage, RunMessage } from './message'
import type { RunRecord } from './protocol/record'
import { SECOND } from './timing'

/** Who asks, and when. */
export type Request = {
  /** Epoch ms. */
  now: number
  /** Any whole number from 0, taken at random: see `manualKey`. */
  salt: number
  /** For the record: whoever asked. */
  triggeredBy?: string
}

/**
 * The key of a run that is not a tick's. A tick's ends in whole seconds and this never does, so it is not taken for one;
 * where the clock stands at a whole second, `salt` decides by how many milliseconds it is off. Two that are made in the
 * same millisecond are one.
 */
export function manualKey(now: number, salt: number): string {
  const wholeSecond = now % SECOND === 0
  return new Date(wholeSecond ? now + 1 + (salt % (SECOND - 1)) : now).toISOString()
}

type Asked = { task: string; definition: Definition; payload?: Record<string, unknown> }

/** A run by hand, due now. */
export function manualRun({ task, definition, payload }: Asked, request: Request): RunMessage {
  const run = manualKey(request.now, request.salt)
  return {
    kind: 'run',
    task,
    run,
    scheduledAt: run,
    trigger: 'manual',
    triggeredBy: request.triggeredBy,
    definition,
    payload,
  }
}

/**
 * A run that has ended, run anew: a run of its own, for the same tick and with the same payload. `definition`: the task's
 * as it is now, or the old run's where the task is gone.
 */
export function rerunOf(ended: RunRecord, definition: Definition, request: Request): RunMessage {
  const { task, run, scheduledAt, payload } = ended
  return {
    kind: 'run',
    task,
    run: manualKey(request.now, request.salt),
    scheduledAt,
    trigger: 'rerun',
    rerunOf: run,
    triggeredBy: request.triggeredBy,
    definition,
    payload,
  }
}

/**
 * The ticks of `schedule` from `from` to `to`, both included (epoch ms); a `to` that is yet to come counts as now. How
 * many they are: `ticksBetween` in protocol/backfill.ts.
 */
export function backfillOf(
  { task, definition, payload }: Asked,
  stretch: { schedule: string; timezone: string; from: number; to: number; rerun?: boolean },
  request: Request,
): BackfillMessage {
  const { schedule, timezone, from, to, rerun } = stretch
  return {
    kind: 'backfill',
    task,
    backfill: manualKey(request.now, request.salt),
    schedule,
    timezone,
    // A rate is counted from here, and ticks are whole seconds.
    from: new Date(Math.ceil(from / SECOND) * SECOND).toISOString(),
    to: new Date(Math.min(to, request.now)).toISOString(),
    rerun,
    triggeredBy: request.triggeredBy,
    definition,
    payload,
  }
}
