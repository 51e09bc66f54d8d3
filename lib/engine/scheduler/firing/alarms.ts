import { MINUTE } from '../../../core/schedule/schedule'
import type { ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import type { StoredSchedule } from '../store/schedule'
import { keyOf, type ScheduleStore } from '../store/schedule-store'
import { nextDue } from './due'
import type { Invoker } from './invoker'

/** How late a tick may be fired. What is later than this was slept through. */
const LATE = MINUTE

/**
 * Fires schedules by the clock. Ticks that passed while the engine was down or its machine asleep are not made up for (a
 * laptop that was closed over night should not open to a hundred runs), except a one-time schedule's and what was under
 * way already.
 */
export class Alarms {
  private readonly timers = new Map<string, Timer>()

  constructor(
    private readonly service: ServiceContext,
    private readonly store: ScheduleStore,
    private readonly invoker: Invoker,
    /** Milliseconds, less than `LATE`: see EngineOptions. */
    private readonly lateness: number,
  ) {
    for (const schedule of store.allSchedules()) this.arm(schedule, service.clock.now())
  }

  /** One that was just made or changed, in place of what it was armed for before. A rate fires at once. */
  armFresh(schedule: StoredSchedule): void {
    const isRate = schedule.definition.ScheduleExpression.startsWith('rate(')
    this.arm(schedule, isRate ? schedule.anchor - 1 : this.service.clock.now())
  }

  /** For its first tick later than `after`. */
  private arm(schedule: StoredSchedule, after: number): void {
    this.disarm(schedule)
    const tick = nextDue(schedule, after)
    if (tick === undefined) return
    const timer = this.service.clock.at(tick + this.lateness, () => this.fire(schedule, tick))
    this.timers.set(keyOf(schedule.group, schedule.name), timer)
  }

  disarm({ group, name }: StoredSchedule): void {
    const key = keyOf(group, name)
    this.timers.get(key)?.cancel()
    this.timers.delete(key)
  }

  close(): void {
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private fire(schedule: StoredSchedule, tick: number): void {
    const { definition } = schedule
    const oneTime = definition.ScheduleExpression.startsWith('at(')
    const awakeSince = this.service.clock.now() - LATE
    if (oneTime || tick >= awakeSince) {
      void this.invoker.invoke({
        scheduleArn: this.store.arnOf(schedule),
        target: definition.Target,
        scheduledAt: tick,
      })
    }
    const next = oneTime ? { ...schedule, done: true } : schedule
    if (oneTime) this.store.putSchedule(next)
    const after = Math.max(tick, awakeSince)
    this.arm(next, after)
    if (definition.ActionAfterCompletion === 'DELETE' && nextDue(next, after) === undefined) {
      this.store.deleteSchedule(next)
    }
  }
}
