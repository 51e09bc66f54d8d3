/** Looked at when nothing is left to happen. */
import type { Target } from '../../core/definition'
import { isEnded, type RunRecord } from '../../core/protocol/record'
import type { BodyEnd } from '../ending'
import type { Fault, Faults } from '../faults'
import { Violation } from '../violation'
import type { Bodies, Body } from './bodies'
import type { Ledger } from './ledger'

export type Rest = { ledger: Ledger; bodies: Bodies; faults: Faults; kills: number }

/** What is still open; undefined where all has come to its end. */
export function stranded(ledger: Ledger): string | undefined {
  const { slots, waiting } = ledger.lock
  const held = Object.keys(slots)
  if (held.length > 0) return `${held.join(', ')} still hold slots`
  if (waiting.length > 0) return `${waiting.join(', ')} still wait`
  for (const record of ledger.records)
    if (!isEnded(record)) return `${record.run} is still ${record.status} ${record.attempt ?? ''}`
  return undefined
}

export function atRest(rest: Rest): void {
  const open = stranded(rest.ledger)
  if (open !== undefined) throw new Violation('no-stranded-run', open)
  for (const run of rest.ledger.expected)
    if (!rest.ledger.record(run) && !rest.ledger.excused.has(run) && !rest.ledger.backfillLost)
      throw new Violation('no-lost-tick', `${run} has no record`)
  backfilled(rest.ledger)
  for (const record of rest.ledger.records) {
    verdict(record, rest)
    noLostAlert(record, rest)
    noLostStart(record, rest)
  }
}

/** Each tick of a backfill has one run of it at most, and where it is to be run anew, one. */
function backfilled({ records, reruns, backfillLost }: Ledger): void {
  const made = new Map<string, string>()
  for (const { run, scheduledAt, backfill } of records) {
    if (backfill === undefined) continue
    const key = `${backfill} ${scheduledAt}`
    const other = made.get(key)
    if (other !== undefined)
      throw new Violation('no-double-run', `${other} and ${run} are runs of one backfill`)
    made.set(key, run)
  }
  for (const { backfill, tick } of reruns)
    if (!made.has(`${backfill} ${tick}`) && !backfillLost)
      throw new Violation('no-lost-tick', `${tick} was not run anew`)
}

function noLostAlert({ run, status, reason }: RunRecord, { ledger }: Rest): void {
  if ((status !== 'FAILED' && status !== 'TIMED_OUT') || ledger.told.has(run)) return
  // It holds no slot, so nothing but its own redelivery brings anybody back to it.
  if (reason === 'late-error' && ledger.unheard) return
  throw new Violation('no-lost-alert', `${run} is ${status} and nobody was told`)
}

/** Which reasons are true of an attempt whose body ended so. Where Lambda's report decided, it says what Lambda saw. */
const TRUE_REASONS: Record<BodyEnd, readonly string[]> = {
  ok: [],
  errors: ['log-rule'],
  threw: ['error', 'log-rule', 'lost-end'],
  crashed: ['error', 'exited', 'lost-end'],
  'timed-out': ['timed-out', 'exited'],
  killed: ['timed-out', 'lost-end', 'no-log'],
  exited: ['exited', 'lost-end', 'no-log'],
}

function verdict(record: RunRecord, { ledger, bodies, faults }: Rest): void {
  const { run, status, reason = '', attempt } = record
  // The deadline may write a record for a run of which nothing but the slot is known.
  const target = (record.definition as RunRecord['definition'] | undefined)?.target
  const wrong = (why: string) =>
    new Violation('verdict-is-true', `${run} is ${status} ${reason} at attempt ${attempt ?? 0}, but ${why}`)
  if (status === 'CANCELLED') {
    if (!ledger.cancelled.has(run)) throw wrong('nobody cancelled it')
    return
  }
  const body = attempt === undefined ? undefined : bodies.of(run, attempt)
  if (status === 'SKIPPED') {
    if (bodies.all.some((one) => one.run === run)) throw wrong('its body ran')
    return
  }
  for (const entry of record.attempts ?? []) {
    const earlier = bodies.of(run, entry.attempt)
    if (entry.attempt !== attempt && entry.outcome !== undefined)
      judge(entry.outcome, earlier, { target, ledger, faults }, wrong)
  }
  if (status === 'SUCCEEDED') {
    if (body === undefined) throw wrong('its body never ran')
    if (body.end !== 'ok') throw wrong(`its body ended ${body.end}`)
    if (body.late === 'passed' && !ledger.unheard) throw wrong('an ERROR came after its end')
    return
  }
  judge(reason, body, { target, ledger, faults }, wrong)
}

function judge(
  reason: string,
  body: Body | undefined,
  { target, ledger, faults }: Pick<Rest, 'ledger' | 'faults'> & { target: Target | undefined },
  wrong: (why: string) => Violation,
): void {
  if (reason === 'late-error') {
    if (body?.end !== 'ok' || !body.late) throw wrong('no ERROR came after its end')
    return
  }
  if (body === undefined) {
    const honest = ['not-started', 'refused', 'no-log', 'lost-end', 'exited', 'error', 'timed-out']
    if (!honest.includes(reason)) throw wrong('its body never ran')
    return
  }
  if (body.end === undefined) throw wrong('its body still lives')
  // Where owner and copy of an event both fail without a word, the reason is that of whose report comes first.
  if (body.end === 'exited' && reason === 'timed-out' && faults.has('failed-copy')) return
  const silentPlain = target === 'plain' && reason === 'lost-end'
  // Its log is gone, and with it what its end record said.
  const unwritten = ledger.logsLost && ['no-log', 'lost-end', 'exited', 'error'].includes(reason)
  const lateAndSeen = body.late && reason === 'log-rule'
  if (!TRUE_REASONS[body.end].includes(reason) && !silentPlain && !lateAndSeen && !unwritten)
    throw wrong(`its body ended ${body.end}`)
}

/** Any of these can honestly keep a run from starting at all. */
const EXCUSES = [
  'dead-letter',
  'lost-queue',
  'delayed-message',
  'dropped-message',
  'slow-handler',
  'throttled-store',
  'throttled-invoke',
  'refused-invoke',
  'unanswered-invoke',
  'late-event',
  'aged-event',
  'target-crash',
  'failed-copy',
  // A time-out that was raised could let a body outlive the slot of a run that was made before.
  'redefined-task',
  'deleted-task',
  'deleted-group',
  'skew',
] as const

const CRASHES: readonly Fault[] = ['crash', 'crash-before-next', 'half-a-send']

function noLostStart(record: RunRecord, { bodies, faults, kills }: Rest): void {
  const { run, status, attempt = 0, definition } = record
  if (status !== 'FAILED' && status !== 'TIMED_OUT') return
  if (definition?.target !== 'wrapped' || bodies.of(run, attempt)) return
  if (EXCUSES.some((fault) => faults.has(fault))) return
  // A second crash brings the message back after the start window.
  if (kills + faults.struck.filter((fault) => CRASHES.includes(fault)).length > 1) return
  throw new Violation('no-lost-start', `${run} is ${status} ${record.reason} and its body never ran`)
}
