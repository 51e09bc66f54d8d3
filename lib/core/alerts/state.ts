/**
 * What is known to be wrong with a task, and what is owed to those who asked: the attribute `alerts` of its lock.
 *
 *   v         counts the changes; each is conditional on it, so of two that decide at once one decides anew
 *   failures  runs that failed in a row, the last `after` of them
 *   open      what was said and is not good again: which tick or run it was said of, and when last (epoch ms)
 *   said      the newest tick that each was ever said of, so that an old look that is repeated says nothing twice
 *   owed      what was decided and is not known to have been sent
 *   badAt, goodAt  when (epoch ms) the last trouble came and when it was last good again: ends are told in any order
 *
 * It is written in the same write that decides, before anything is sent: a sender that dies leaves it owed, and its own
 * redelivery, the task's next change or the watcher sends it. So an alert is sent at least once, and twice only where a
 * sender died, or was not answered, between sending and noting it.
 */
import { type AlertKind, type AlertPolicy, channelsOf, type Trouble } from './policy'

export type Owed = {
  kind: AlertKind
  /** The run that it is said of, or the tick that has none. */
  tick: string
  /** False: there is no run. */
  hasRun: boolean
  /** What was found, where the record does not tell it. */
  text?: string
  reminder?: true
  /** Of `recovered`: what is over, and since which tick it was so. */
  over?: Trouble[]
  since?: string
  channels: string[]
  /** Whose it is to send it, until when (epoch ms). */
  by: string
  until: number
}

export type AlertState = {
  v: number
  failures: string[]
  open: Partial<Record<Trouble, { tick: string; at: number }>>
  said: Partial<Record<Trouble, string>>
  owed: Record<string, Owed>
  badAt: number
  goodAt: number
}

const NONE: AlertState = { v: 0, failures: [], open: {}, said: {}, owed: {}, badAt: 0, goodAt: 0 }

export function stateOf(lock: Record<string, unknown> | undefined): AlertState {
  return (lock?.['alerts'] as AlertState | undefined) ?? NONE
}

export function isBad({ failures, open }: AlertState): boolean {
  return failures.length > 0 || Object.keys(open).length > 0
}

export type Ended = { run: string; succeeded: boolean; finishedAt: string }
export type Found = { trouble: Exclude<Trouble, 'failed'>; tick: string; hasRun: boolean; text: string }

/** Who decides, now (epoch ms), and until when what is owed by it is its own to send. */
export type Decider = { by: string; now: number; until: number }

/** It was good again at `goodAt` (epoch ms), and nobody told. */
export function forgetting(state: AlertState, goodAt: number): AlertState {
  return goodAt > state.badAt ? { ...state, failures: [], open: {}, goodAt } : state
}

/** After a run's end. The same state where there is nothing to it. */
export function afterEnd(state: AlertState, run: Ended, policy: AlertPolicy, who: Decider): AlertState {
  const at = Date.parse(run.finishedAt)
  return run.succeeded
    ? afterSuccess(state, run.run, at, policy, who)
    : afterFailure(state, run.run, at, policy, who)
}

function afterSuccess(
  state: AlertState,
  run: string,
  at: number,
  policy: AlertPolicy,
  who: Decider,
): AlertState {
  // Something went wrong after it.
  if (!isBad(state) || at <= state.badAt) return state
  const over = Object.keys(state.open) as Trouble[]
  const good = { ...state, failures: [], open: {}, goodAt: at }
  if (over.length === 0 || !policy.on.includes('recovered')) return good
  const [since] = Object.values(state.open)
    .map(({ tick }) => tick)
    .sort()
  return owing(
    good,
    { kind: 'recovered', tick: run, hasRun: true, over, ...(since ? { since } : {}) },
    policy,
    who,
  )
}

function afterFailure(
  state: AlertState,
  run: string,
  at: number,
  policy: AlertPolicy,
  who: Decider,
): AlertState {
  if (!policy.on.includes('failed') || at <= state.goodAt || state.failures.includes(run)) return state
  const { failed: open } = state.open
  if (open && at <= state.badAt) return state
  const failures = [...state.failures, run].slice(-policy.after)
  const bad = { ...state, failures, badAt: Math.max(state.badAt, at) }
  if (open)
    return isDue(open, policy, who)
      ? saying(bad, 'failed', { tick: run, hasRun: true, reminder: true }, policy, who)
      : bad
  return failures.length < policy.after
    ? bad
    : saying(bad, 'failed', { tick: run, hasRun: true }, policy, who)
}

/** After the watcher found something. */
export function afterFinding(state: AlertState, found: Found, policy: AlertPolicy, who: Decider): AlertState {
  const { trouble, tick, hasRun, text } = found
  if (!policy.on.includes(trouble) || state.open[trouble] || tick <= (state.said[trouble] ?? '')) return state
  return saying(
    { ...state, badAt: Math.max(state.badAt, who.now) },
    trouble,
    { tick, hasRun, text },
    policy,
    who,
  )
}

/** What is open for so long that it is to be said again. */
export function afterWait(state: AlertState, policy: AlertPolicy, who: Decider): AlertState {
  let next = state
  for (const [trouble, open] of Object.entries(state.open) as [Trouble, { tick: string; at: number }][]) {
    if (!isDue(open, policy, who)) continue
    // A failure is told by its run's record.
    const text =
      trouble === 'failed' ? {} : { text: `${trouble.toUpperCase()}: not good again since ${open.tick}` }
    const hasRun = trouble !== 'missed'
    next = saying(next, trouble, { tick: open.tick, hasRun, ...text, reminder: true }, policy, who)
  }
  return next
}

function isDue({ at }: { at: number }, { remind }: AlertPolicy, { now }: Decider): boolean {
  return remind !== undefined && now - at >= remind * 1000
}

type Saying = Pick<Owed, 'tick' | 'hasRun' | 'text' | 'reminder'>

function saying(
  state: AlertState,
  trouble: Trouble,
  what: Saying,
  policy: AlertPolicy,
  who: Decider,
): AlertState {
  const open = { ...state.open, [trouble]: { tick: what.tick, at: who.now } }
  const said = { ...state.said, [trouble]: what.tick }
  return owing({ ...state, open, said }, { kind: trouble, ...what }, policy, who)
}

function owing(
  state: AlertState,
  owed: Omit<Owed, 'channels' | 'by' | 'until'>,
  policy: AlertPolicy,
  { by, until }: Decider,
): AlertState {
  const key = `${owed.kind} ${owed.tick}`
  return { ...state, owed: { ...state.owed, [key]: { ...owed, channels: channelsOf(policy), by, until } } }
}

/** Takes over what somebody owes whose time is over. */
export function takeOver(state: AlertState, who: Decider): AlertState {
  const over = Object.entries(state.owed).filter(([, { until }]) => until <= who.now)
  if (over.length === 0) return state
  const mine = over.map(([key, owed]) => [key, { ...owed, by: who.by, until: who.until }])
  return { ...state, owed: { ...state.owed, ...Object.fromEntries(mine) } }
}

/** It was sent, but to the channels in `left`; these are anybody's to try again. */
export function afterSending(state: AlertState, key: string, left: readonly string[]): AlertState {
  const { [key]: sent, ...others } = state.owed
  if (!sent) return state
  return {
    ...state,
    owed: left.length === 0 ? others : { ...others, [key]: { ...sent, channels: [...left], until: 0 } },
  }
}
