import type { Alert } from '../../../lib/core/alerts/alert'
import type { AlertContext, AlertEffect, AlertStep, Deployed } from '../../../lib/core/alerts/effect'
import type { AlertPolicy } from '../../../lib/core/alerts/policy'
import { stateOf } from '../../../lib/core/alerts/state'
import type { Definition } from '../../../lib/core/definition'
import type { LogLine } from '../../../lib/core/protocol/effect'
import type { RunRecord } from '../../../lib/core/protocol/record'
import { MemoryStore } from '../../../lib/ports/memory/store'

export const TASK = 'load'
export const START = Date.parse('2026-03-02T10:00:00Z')
export const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString()

export const POLICY: AlertPolicy = {
  on: ['failed', 'late', 'missed', 'stuck', 'recovered'],
  after: 1,
  startGrace: 300,
  events: true,
}

const definition = (alerts: AlertPolicy | undefined) =>
  ({ failOn: ['ERROR'], except: [], ...(alerts ? { alerts } : {}) }) as unknown as Definition

/** What the alerter acts on, in memory. */
export class AlertWorld {
  readonly store = new MemoryStore()
  readonly sent: { alert: Alert; channels: readonly string[] }[] = []
  readonly warned: string[] = []
  readonly effects: AlertEffect['do'][] = []
  schedule: Deployed | undefined = { enabled: true, changedAt: 0, definition: definition(POLICY) }
  log: LogLine[] = []
  now = START
  /** Channels that take nothing. */
  down: string[] = []

  context(by: string): AlertContext {
    return {
      now: () => this.now,
      random: () => 'abc',
      by,
      prefix: 'shop-dev',
      stage: 'dev',
      warn: (message) => void this.warned.push(message),
    }
  }

  record(run: Partial<RunRecord> & { run: string }, alerts: AlertPolicy | undefined = POLICY): RunRecord {
    const record = {
      task: TASK,
      trigger: 'schedule',
      scheduledAt: run.run,
      logGroup: '/slipstream/shop-dev',
      definition: definition(alerts),
      ...run,
    } as RunRecord
    const { task, run: key, ...rest } = record
    this.store.apply({
      table: 'runs',
      key: { task, run: key },
      set: Object.entries(rest).map(([name, value]) => [[name], value]),
      when: { op: 'and', of: [] },
    })
    return record
  }

  lock(values: Record<string, unknown>): void {
    this.store.apply({
      table: 'locks',
      key: { task: TASK },
      set: Object.entries({ slots: {}, ...values }).map(([name, value]) => [[name], value]),
      when: { op: 'and', of: [] },
    })
  }

  get state() {
    return stateOf(this.store.get('locks', { task: TASK }))
  }

  run<T>(step: AlertStep<T>): T {
    let next = step.next()
    while (!next.done) next = step.next(this.perform(next.value))
    return next.value
  }

  perform(effect: AlertEffect): unknown {
    this.effects.push(effect.do)
    switch (effect.do) {
      case 'read':
        return this.store.get(effect.table, effect.key)
      case 'write':
        return this.store.apply(effect.write)
      case 'readStream':
        return this.log.slice(0, effect.limit)
      case 'readSchedule':
        return this.schedule
      case 'readRunKeys':
        return this.store
          .all('runs')
          .map(({ run }) => String(run))
          .filter((run) => effect.from <= run && run <= effect.to)
      case 'readEnds':
        return this.store
          .all('runs')
          .filter(({ run }) => String(run) < effect.before)
          .sort((a, b) => (String(a['run']) < String(b['run']) ? 1 : -1))
          .slice(0, 10)
      case 'notify': {
        const { alert, channels } = effect
        this.sent.push({ alert, channels: channels.filter((channel) => !this.down.includes(channel)) })
        return channels.filter((channel) => this.down.includes(channel))
      }
      default:
        throw new Error(`the alerter has no business to ${effect.do}`)
    }
  }

  /** What was said, as `failed 3`: kind and the minute of the run or tick. */
  get said(): string[] {
    return this.sent.map(
      ({ alert }) =>
        `${alert.kind} ${(Date.parse(String(alert.run?.['run'] ?? alert.tick)) - START) / 60_000}`,
    )
  }
}
