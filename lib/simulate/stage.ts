import type { Agenda } from './agenda'
import type { Faults } from './faults'
import type { Plan } from './plan'
import type { Prng } from './prng'
import type { Trace } from './trace'

/** What every part of the world shares. */
export class Stage {
  /** Handlers that were too slow for their time-out. */
  kills = 0
  private ids = 0
  /** How far the clocks of a few hosts are ahead, ms: of those of our handlers, and of targets. */
  private readonly handlers: readonly number[]
  private readonly targets: readonly number[]

  constructor(
    readonly agenda: Agenda,
    readonly prng: Prng,
    readonly faults: Faults,
    readonly plan: Plan,
    readonly trace: Trace | undefined,
  ) {
    const moved = faults.strikes('skew')
    const clocks = (most: number) => (moved ? [0, 0, 0].map(() => prng.between(-most, most)) : [0])
    this.handlers = clocks(5000)
    // The wrapper compares its clock with that of CloudWatch Logs, and allows two seconds (lib/wrapper/fence.ts).
    this.targets = clocks(1000)
  }

  get now(): number {
    return this.agenda.now
  }

  id(kind: string): string {
    return `${kind}${++this.ids}`
  }

  /** The clock of whichever host something runs on. */
  skew(of: 'handlers' | 'targets'): number {
    return this.prng.pick(this[of])
  }

  /** How long one call takes, ms. */
  latency(): number {
    return this.prng.below(this.plan.pace) + 1
  }

  /** After at most `delay` ms, on the grid, a little off it. */
  later(delay: number, act: () => void): void {
    this.around(this.now + this.prng.below(delay + 1), act)
  }

  /** At `time`, not earlier, moved to the grid. */
  around(time: number, act: () => void): void {
    const { grid } = this.plan
    this.agenda.at(Math.ceil(time / grid) * grid + this.prng.below(this.plan.pace), act)
  }
}
