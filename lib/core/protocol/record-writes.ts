/** Every write that changes a run record, each conditional on the state that it leaves. */
import type { Target } from '../definition'
import type { Verdict } from '../log-record'
import type { Attempt } from '../names'
import { absent, all, any, type Condition, eq, type Key, type Path, type Write } from './effect'
import {
  type AttemptEntry,
  type Ended,
  type Failure,
  type NewRun,
  type RunRecord,
  type SkipReason,
  sentence,
} from './record'

const DAY = 86_400

const iso = (ms: number) => new Date(ms).toISOString()

const STATUS: Path = ['status']
const key = (run: { task: string; run: string }): Key => ({ task: run.task, run: run.run })
const isQueued = eq(STATUS, 'QUEUED')
/** Only a tick of the schedule is skipped: what a person asked for, a backfilled tick among it, waits its turn. */
const isWaitingTick = all(isQueued, eq(['trigger'], 'schedule'))
/** RUNNING exactly this attempt. The stream's name has a random part, so a look-alike of an old one is refused. */
const isRunning = (at: Attempt, logStream: string | undefined): Condition =>
  all(
    eq(STATUS, 'RUNNING'),
    eq(['attempt'], at.attempt),
    ...(logStream === undefined ? [] : [eq(['logStream'], logStream)]),
  )

type Entries = [Path, unknown][]

function entries(values: Record<string, unknown>): Entries {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [[name], value])
}

/** The attributes that every record has from its first write on. */
function identity(run: NewRun): Entries {
  const { definition } = run
  return entries({
    trigger: run.trigger,
    triggeredBy: run.triggeredBy,
    rerunOf: run.rerunOf,
    backfill: run.backfill,
    scheduledAt: run.scheduledAt,
    function: definition.function,
    qualifier: definition.qualifier,
    logGroup: definition.logGroup,
    payload: run.payload,
    keepFor: run.definition.retention * DAY,
    definition,
  })
}

/** The end of a record that exists: how long it is kept stands in it. */
function ending(
  status: Ended,
  now: number,
  values: Record<string, unknown> = {},
): { set: Entries; sum: NonNullable<Write['sum']> } {
  return {
    set: entries({ status, finishedAt: iso(now), ...values }),
    sum: [['expiresAt'], ['keepFor'], Math.ceil(now / 1000)],
  }
}

/** If there is none yet. */
export function queued(run: NewRun, now: number): Write {
  return {
    table: 'runs',
    key: key(run),
    set: [...identity(run), ...entries({ status: 'QUEUED', queuedAt: iso(now) })],
    when: absent('task'),
  }
}

/** A run that will not start. `onlyFrom`: absent, where it must not have a record; QUEUED, where it waited. */
export function skipped(
  run: NewRun,
  reason: SkipReason,
  now: number,
  onlyFrom: 'absent' | 'QUEUED' | 'absent or QUEUED',
  blockedBy?: string,
): Write {
  const from = {
    absent: absent('task'),
    QUEUED: isWaitingTick,
    'absent or QUEUED': any(absent('task'), isWaitingTick),
  }
  return {
    table: 'runs',
    key: key(run),
    set: [
      ...identity(run),
      ...entries({
        status: 'SKIPPED',
        reason,
        blockedBy,
        finishedAt: iso(now),
        expiresAt: Math.ceil(now / 1000) + run.definition.retention * DAY,
      }),
    ],
    when: from[onlyFrom],
  }
}

/** A waiting tick gives way to a newer one. */
export function superseded(run: { task: string; run: string }, by: string, now: number): Write {
  return {
    table: 'runs',
    key: key(run),
    ...ending('SKIPPED', now, { reason: 'superseded', blockedBy: by }),
    when: isWaitingTick,
  }
}

export type Start = { attempt: number; logStream: string; until: number; by: string }

/** RUNNING: attempt 1 of a run that is new or QUEUED, a further one of a run that is RETRYING the one before. */
export function running(run: NewRun, start: Start, now: number): Write {
  const { attempt, logStream, until, by } = start
  const entry: AttemptEntry = { attempt, logStream, startedAt: iso(now) }
  return {
    table: 'runs',
    key: key(run),
    set: [
      ...(attempt === 1
        ? identity(run)
        : ([[['definition', 'functionTimeout'], run.definition.functionTimeout]] as Entries)),
      ...entries({ status: 'RUNNING', attempt, logStream, until, by, startedAt: iso(now) }),
      attempt === 1 ? [['attempts'], [entry]] : [['attempts', attempt - 1], entry],
    ],
    remove: [['error'], ['verdict'], ['reason'], ['requestId'], ['retryAt']],
    when:
      attempt === 1
        ? any(absent('task'), isQueued)
        : all(eq(STATUS, 'RETRYING'), eq(['attempt'], attempt - 1), absent('cancel')),
  }
}

function attemptEnd(at: Attempt, outcome: string, now: number): Entries {
  return [
    [['attempts', at.attempt - 1, 'finishedAt'], iso(now)],
    [['attempts', at.attempt - 1, 'outcome'], outcome],
  ]
}

/** What user code prints cannot speak for another kind of target: only the wrapper keeps its records from being forged. */
const isOfTarget = (target: Target): Condition => eq(['definition', 'target'], target)

/** Refused where an ERROR was seen or a cancel was asked for: then these decide. */
export function succeeded(
  at: Attempt,
  { target, logStream }: { target: Target; logStream?: string | undefined },
  now: number,
  requestId: string | undefined,
): Write {
  const { set, sum } = ending('SUCCEEDED', now, { requestId })
  return {
    table: 'runs',
    key: key(at),
    set: [...set, ...attemptEnd(at, 'SUCCEEDED', now)],
    sum,
    when: all(isRunning(at, logStream), isOfTarget(target), absent('error'), absent('cancel')),
  }
}

export function failed(at: Attempt, failure: Failure, now: number): Write {
  const { status, ...rest } = failure
  const { set, sum } = ending(status, now, rest)
  return {
    table: 'runs',
    key: key(at),
    set: [...set, ...attemptEnd(at, failure.reason, now)],
    sum,
    when: all(isRunning(at, undefined), absent('cancel')),
  }
}

/** `by`: who decided it, and so sends it. */
export function retrying(at: Attempt, failure: Failure, retryAt: number, by: string, now: number): Write {
  const { reason, error, verdict, requestId } = failure
  return {
    table: 'runs',
    key: key(at),
    set: [
      ...entries({ status: 'RETRYING', reason, error, verdict, requestId, retryAt, by }),
      ...attemptEnd(at, reason, now),
    ],
    when: all(isRunning(at, undefined), absent('cancel')),
  }
}

/** The body of a run that was to be cancelled is over. */
export function cancelled(at: Attempt, now: number): Write {
  const { set, sum } = ending('CANCELLED', now)
  return {
    table: 'runs',
    key: key(at),
    set: [...set, ...attemptEnd(at, 'CANCELLED', now)],
    sum,
    when: isRunning(at, undefined),
  }
}

/** A run without a body, QUEUED or RETRYING as it was seen. */
export function cancelledFrom(seen: RunRecord, now: number, triggeredBy: string): Write {
  return {
    table: 'runs',
    key: key(seen),
    ...ending('CANCELLED', now, { cancel: triggeredBy }),
    when: all(
      eq(STATUS, seen.status),
      seen.attempt === undefined ? absent('attempt') : eq(['attempt'], seen.attempt),
    ),
  }
}

/** An ERROR while the body may still be running marks the run as failing and no more: terminal means dead. */
export function marked(at: Attempt, logStream: string, verdict: Verdict): Write {
  return {
    table: 'runs',
    key: key(at),
    set: entries({ error: sentence(verdict), verdict }),
    when: all(isRunning(at, logStream), isOfTarget('wrapped'), absent('error')),
  }
}

/** The one exception to "terminal is terminal". */
export function lateError(at: Attempt, logStream: string, verdict: Verdict): Write {
  return {
    table: 'runs',
    key: key(at),
    set: [
      ...entries({ status: 'FAILED', reason: 'late-error', error: sentence(verdict), verdict }),
      [['attempts', at.attempt - 1, 'outcome'], 'late-error'],
    ],
    when: all(eq(STATUS, 'SUCCEEDED'), eq(['attempt'], at.attempt), eq(['logStream'], logStream)),
  }
}

/** A slot without a record: its tick died between the grant and the record and never came back. */
export function neverDispatched(run: { task: string; run: string }, now: number): Write {
  return {
    table: 'runs',
    key: key(run),
    set: [
      ...entries({
        status: 'FAILED',
        finishedAt: iso(now),
        expiresAt: Math.ceil(now / 1000) + 90 * DAY,
        reason: 'not-started',
        trigger: 'schedule',
        scheduledAt: run.run,
        error: 'The dispatcher took a slot for this run and died before it could write its record.',
      }),
    ],
    when: absent('task'),
  }
}
