/**
 * The lock item of a task and every write that changes it.
 *
 *   slots    map run -> until (epoch ms): who holds a slot, and until when it cannot be called old
 *   waiting  set of run keys, absent when nobody waits; the smallest is the oldest
 *   v        counts the writes that hand slots over or change the list, so that they can be refused when it moved
 *   paused   { reason?, until? (epoch ms) }
 *   concurrency, functionTimeout, asOf  of the task as the run knew it that was due or asked for last, at `asOf` (epoch
 *            ms): what comes free is handed out by this, so that a deploy that changes it holds for the runs that were
 *            made before, and a message that was under way for long does not bring back what was
 *   looksAt  epoch ms: a message is under way that looks at all holders then or later; absent where none ever was
 */
import {
  absent,
  all,
  any,
  type Condition,
  eq,
  type Item,
  present,
  read,
  type Step,
  type Write,
} from './effect'
import type { NewRun } from './record'

/** More would make the item large and every write of it dear (see docs/protocol.md); beyond it a tick comes again later. */
export const WAITING_LIMIT = 200

export type Pause = { reason?: string; until?: number }
export type Lock = {
  slots: Record<string, number>
  waiting: readonly string[]
  v: number
  paused: Pause | undefined
  concurrency: number | undefined
  /** Seconds. */
  functionTimeout: number | undefined
  asOf: number | undefined
  looksAt: number | undefined
}

/** How many bodies the task allows, and how long one can live (seconds), as of a time (epoch ms). */
export type Policy = { concurrency: number; functionTimeout: number; asOf: number }

/** What a run or a message knows of its task. `asOf`: epoch ms. */
export function policyOf({ definition }: Pick<NewRun, 'definition'>, asOf: number): Policy {
  const { concurrency, functionTimeout } = definition
  return { concurrency, functionTimeout, asOf }
}

/** Of what the lock knows of the task and what a run does, the newer. */
export function newest({ concurrency, functionTimeout, asOf }: Lock, own: Policy): Policy {
  if (asOf === undefined || asOf <= own.asOf) return own
  return {
    concurrency: concurrency ?? own.concurrency,
    functionTimeout: functionTimeout ?? own.functionTimeout,
    asOf,
  }
}

const known = (policy: Policy): [[string], number][] => [
  [['concurrency'], policy.concurrency],
  [['functionTimeout'], policy.functionTimeout],
  [['asOf'], policy.asOf],
]

export function lockOf(item: Item | undefined): Lock {
  return {
    slots: (item?.['slots'] ?? {}) as Record<string, number>,
    waiting: [...((item?.['waiting'] ?? new Set()) as Set<string>)].sort(),
    v: (item?.['v'] ?? 0) as number,
    paused: item?.['paused'] as Pause | undefined,
    concurrency: item?.['concurrency'] as number | undefined,
    functionTimeout: item?.['functionTimeout'] as number | undefined,
    asOf: item?.['asOf'] as number | undefined,
    looksAt: item?.['looksAt'] as number | undefined,
  }
}

export function* readLock(task: string): Step<Lock> {
  return lockOf(yield* read('locks', { task }))
}

/** A slot for `run` if one is free, nobody waits for it, the task is not paused, and nothing newer is known of it. */
export function grant(task: string, run: string, until: number, policy: Policy): Write {
  return {
    table: 'locks',
    key: { task },
    set: [[['slots', run], until], ...known(policy)],
    increment: ['v'],
    when: all(
      present('slots'),
      absent('slots', run),
      { op: 'sizeBelow', path: ['slots'], limit: policy.concurrency },
      absent('waiting'),
      absent('paused'),
      any(absent('asOf'), { op: 'lt', path: ['asOf'], value: policy.asOf + 1 }),
    ),
  }
}

/** The task's first run ever: there is no lock yet. */
export function firstGrant(task: string, run: string, until: number, policy: Policy): Write {
  return {
    table: 'locks',
    key: { task },
    set: [[['slots'], { [run]: until }], ...known(policy)],
    increment: ['v'],
    when: absent('task'),
  }
}

/** Joins the waiting list if the lock is as it was seen, so that nobody waits beside a free slot. */
export function enqueue(task: string, run: string, own: Policy, seen: Lock): Write {
  return {
    table: 'locks',
    key: { task },
    set: known(newest(seen, own)),
    addMember: [['waiting'], run],
    increment: ['v'],
    when: eq(['v'], seen.v),
  }
}

/** Takes the places of the runs in `displaced`, whose records are SKIPPED already: the other order would strand them. */
export function displace(
  task: string,
  run: string,
  own: Policy,
  displaced: readonly string[],
  seen: Lock,
): Write {
  const waiting = seen.waiting.filter((other) => !displaced.includes(other))
  return {
    table: 'locks',
    key: { task },
    set: [[['waiting'], new Set([...waiting, run])], ...known(newest(seen, own))],
    increment: ['v'],
    when: eq(['v'], seen.v),
  }
}

/** Gives the slot back where nobody waits for it. */
export function release(task: string, run: string): Write {
  return {
    table: 'locks',
    key: { task },
    remove: [['slots', run]],
    increment: ['v'],
    when: all(present('slots', run), absent('waiting')),
  }
}

type HandOver = {
  concurrency: number
  /** Epoch ms: of the slots that are handed out. */
  until: number
  /** Gives its slot back. */
  leaving?: string
  /** Wait from now on, if they do not yet. */
  joining?: readonly string[]
  /** What is known of the task. */
  policy?: Policy
}

/**
 * Hands every free slot to the oldest that wait, in one write with what brings that about. Nothing is handed over while
 * the task is paused.
 */
export function handOver(
  task: string,
  seen: Lock,
  { concurrency, until, leaving, joining = [], policy }: HandOver,
): { write: Write; moved: string[] } {
  const slots = Object.fromEntries(Object.entries(seen.slots).filter(([run]) => run !== leaving))
  const waiting = [...new Set([...seen.waiting, ...joining])].filter((run) => !(run in slots)).sort()
  const free = seen.paused ? 0 : Math.max(0, concurrency - Object.keys(slots).length)
  const moved = waiting.slice(0, free)
  for (const run of moved) slots[run] = until
  const left = waiting.slice(moved.length)
  return {
    moved,
    write: {
      table: 'locks',
      key: { task },
      set: [
        [['slots'], slots],
        ...(left.length > 0 ? [[['waiting'], new Set(left)] as const] : []),
        ...(policy ? known(policy) : []),
      ],
      ...(left.length > 0 ? {} : { remove: [['waiting']] }),
      increment: ['v'],
      when: unmoved(seen),
    },
  }
}

/** The lock is as it was seen; a lock that never was has no `v`. */
const unmoved = ({ v }: Lock): Condition => (v > 0 ? eq(['v'], v) : absent('v'))

/** A later attempt of the run lives longer than its slot says. */
export function extend(task: string, run: string, until: number): Write {
  return {
    table: 'locks',
    key: { task },
    set: [[['slots', run], until]],
    when: all(present('slots', run), { op: 'lt', path: ['slots', run], value: until }),
  }
}

/** A look is under way; an earlier one is not worth remembering beside it. Moves nothing, so `v` stays. */
export function willLook(task: string, looksAt: number): Write {
  return {
    table: 'locks',
    key: { task },
    set: [[['looksAt'], looksAt]],
    when: all(present('slots'), any(absent('looksAt'), { op: 'lt', path: ['looksAt'], value: looksAt })),
  }
}

/** What was under way was lost with its queue. */
export function wontLook(task: string): Write {
  return { table: 'locks', key: { task }, remove: [['looksAt']], when: present('looksAt') }
}

export function pause(task: string, how: Pause): Write {
  return {
    table: 'locks',
    key: { task },
    set: [[['paused'], how]],
    increment: ['v'],
    when: present('slots'),
  }
}

/** The lock of a task that never ran. */
export function firstPause(task: string, how: Pause): Write {
  return {
    table: 'locks',
    key: { task },
    set: [
      [['paused'], how],
      [['slots'], {}],
    ],
    increment: ['v'],
    when: absent('task'),
  }
}

export function unpause(task: string): Write {
  return { table: 'locks', key: { task }, remove: [['paused']], increment: ['v'], when: present('paused') }
}

/** A pause that is over by itself. */
export function endPause(task: string, pause: Pause): Write {
  return {
    table: 'locks',
    key: { task },
    remove: [['paused']],
    increment: ['v'],
    when: eq(['paused', 'until'], pause.until),
  }
}
