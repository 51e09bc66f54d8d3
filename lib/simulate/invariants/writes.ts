/** Looked at whenever an item changes. */
import type { Item } from '../../core/protocol/effect'
import { lockOf, type Pause } from '../../core/protocol/lock'
import { isEnded, type RunRecord } from '../../core/protocol/record'
import type { Stage } from '../stage'
import { Violation } from '../violation'
import type { Bodies } from './bodies'
import type { Ledger } from './ledger'

/** Clocks of two hosts, and the time between what a handler decided and what it wrote; ms. */
const SLACK = 25_000

export class Writes {
  constructor(
    private readonly stage: Stage,
    private readonly ledger: Ledger,
    private readonly bodies: Bodies,
  ) {}

  onLock(before: Item | undefined, item: Item): void {
    const { slots, waiting, paused } = lockOf(item)
    const was = lockOf(before)
    const { ledger, stage } = this
    for (const run in slots) ledger.holders.add(run)
    if (paused || was.paused) {
      ledger.pausedEver = true
      ledger.pausedUntil = stage.now
    }
    const held = Object.keys(slots).length
    if (held > ledger.concurrency)
      throw new Violation('at-most-concurrency', `${held} slots are held, there are ${ledger.concurrency}`)
    for (const run of [...Object.keys(slots), ...waiting])
      if (!(run in was.slots || was.waiting.includes(run))) ledger.admitted(run)
    const given = Object.keys(slots).filter((run) => !(run in was.slots))
    if (given.length > 0 && held > ledger.allowed && !ledger.upgraded)
      throw new Violation(
        'at-most-concurrency',
        `${given.join(', ')} gets slot ${held}, the task as it is known now has ${ledger.allowed}`,
      )
    for (const run of given) this.granted(run, waiting, paused)
    if (waiting.length > 0 && held < ledger.concurrency && !ledger.redefined && !ledger.pausedEver)
      throw new Violation('no-idle-slot', `${waiting.join(', ')} wait beside a free slot`)
  }

  private granted(run: string, waiting: readonly string[], paused: Pause | undefined): void {
    if (paused) throw new Violation('pause-holds', `${run} gets a slot although the task is paused`)
    const passed = waiting.find((other) => other < run)
    if (passed !== undefined) throw new Violation('turns-are-kept', `${run} gets a slot before ${passed}`)
  }

  onRecord(before: RunRecord | undefined, after: RunRecord): void {
    if (before !== undefined && isEnded(before)) {
      const late = before.status === 'SUCCEEDED' && after.status === 'FAILED' && after.reason === 'late-error'
      const same = before.status === after.status && before.reason === after.reason
      if (!late && !same)
        throw new Violation(
          'terminal-is-terminal',
          `${after.run} goes from ${before.status} to ${after.status}`,
        )
    }
    if (before?.status === after.status && before.attempt === after.attempt) return
    if (isEnded(after)) this.bodies.mustBeDead(after.run, undefined, after.status)
    switch (after.status) {
      case 'RETRYING':
        this.bodies.mustBeDead(after.run, after.attempt, after.status)
        this.retries(after)
        return
      case 'RUNNING':
        this.starts(before, after)
        return
      case 'SKIPPED':
        this.explained(after)
    }
  }

  private retries({ run, definition, attempt = 0, retryAt = 0 }: RunRecord): void {
    const { delay, backoff, maxDelay, attempts } = definition.retry
    if (attempt >= attempts)
      throw new Violation(
        'retries-as-written',
        `${run} is to be tried after ${attempt} of ${attempts} attempts`,
      )
    const due = this.stage.now + Math.min(maxDelay, delay * backoff ** (attempt - 1)) * 1000
    if (Math.abs(retryAt - due) > SLACK)
      throw new Violation(
        'retries-as-written',
        `${run} is to be tried ${retryAt - due} ms from when it should be`,
      )
  }

  private starts(before: RunRecord | undefined, after: RunRecord): void {
    const { run, attempt = 1, trigger, scheduledAt, definition } = after
    const { now } = this.stage
    this.bodies.mustBeDead(run, undefined, `RUNNING ${attempt}`)
    if (attempt === 1) {
      const { startWithin } = definition
      const late = now - Date.parse(scheduledAt)
      if (trigger === 'schedule' && startWithin !== null && late > startWithin * 1000 + SLACK)
        throw new Violation(
          'start-in-time',
          `${run} starts ${late} ms after its tick, ${startWithin} s are allowed`,
        )
      return
    }
    if (attempt > definition.retry.attempts)
      throw new Violation(
        'retries-as-written',
        `${run} is at attempt ${attempt} of ${definition.retry.attempts}`,
      )
    if (before?.retryAt !== undefined && now < before.retryAt - SLACK)
      throw new Violation('retries-as-written', `${run} is tried again ${before.retryAt - now} ms too early`)
  }

  private explained({ run, reason, blockedBy, definition, trigger, scheduledAt }: RunRecord): void {
    const { ledger, stage } = this
    const wrong = (why: string) =>
      new Violation(
        'skips-are-explained',
        `${run} is SKIPPED ${reason} by ${blockedBy ?? 'nobody'}, but ${why}`,
      )
    if (trigger !== 'schedule') throw wrong(`it is a ${trigger} run`)
    switch (reason) {
      case 'overlap':
        if (definition.overlap !== 'skip') throw wrong(`its overlap is ${definition.overlap}`)
        if (blockedBy === undefined || !ledger.holders.has(blockedBy)) throw wrong('that never held a slot')
        return
      case 'superseded':
        if (definition.overlap !== 'latest' && !ledger.redefined)
          throw wrong(`its overlap is ${definition.overlap}`)
        if (blockedBy === undefined || blockedBy <= run) throw wrong('that is not newer')
        if (!ledger.expected.has(blockedBy)) throw wrong('that was never due')
        return
      case 'paused':
        if (stage.now - ledger.pausedUntil > SLACK && !ledger.lock.paused) throw wrong('it was not paused')
        return
      case 'too-late': {
        const { startWithin } = definition
        const late = stage.now - Date.parse(scheduledAt)
        if (startWithin === null || late < startWithin * 1000 - SLACK) throw wrong(`it is ${late} ms late`)
        return
      }
      default:
        throw wrong('that is no reason')
    }
  }
}
