import type { Agenda } from './agenda'
import type { Faults } from './faults'
import type { Plan } from './plan'
import type { Prng } from './prng'
import type { Trace } from './trace'

/** What every part of the world shares. */
export class Stage {
  private ids = 0
  /** How far the clocks of a few hosts are ahead, ms. Within what the wrapper allows for (lib/wrapper/fence.ts). */
  private readonly hosts: readonly number[]

  constructor(
    readonly agenda: Agenda,
    readonly prng: Prng,
    readonly faults: Faults,
    readonly plan: Plan,
    readonly trace: Trace | undefined,
  ) {
    const moved = faults.strikes('skew')
    this.hosts = moved ? [0, 0, 0].map(() => prng.between(-1000, 1000)) : [0]
  }

  get now(): number {
    return this.agenda.now
  }

  id(kind: string): string {
    return `${kind}${++this.ids}`
  }

  /** The clock of whichever host something runs on. */
  skew(): number {
    return this.prng.pick(this.hosts)
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
