import { Prng } from './prng'

/** What may go wrong, and how likely it is each time it could where a history has it at all. */
const RATES = {
  // a handler
  crash: 0.06,
  // Between a hand-over and the telling of it, where the whole of HELP is about.
  'crash-before-next': 0.3,
  'lost-answer': 0.05,
  'throttled-store': 0.04,
  'half-a-send': 0.1,
  'slow-handler': 0.03,
  // the queue
  'duplicate-message': 0.12,
  'delayed-message': 0.08,
  'dropped-message': 0.08,
  'dead-letter': 0.4,
  'lost-queue': 0.5,
  // the schedule
  'late-tick': 0.3,
  'doubled-tick': 0.2,
  // logs and their filter
  'duplicate-batch': 0.2,
  'split-batch': 0.3,
  'late-batch': 0.2,
  'filter-off': 0.5,
  'log-lag': 0.3,
  'forged-end': 0.6,
  'late-error-line': 0.2,
  'deleted-group': 0.3,
  // Lambda
  'throttled-invoke': 0.15,
  'refused-invoke': 0.1,
  'unanswered-invoke': 0.15,
  'doubled-invoke': 0.15,
  'doubled-event': 0.35,
  // One of the two that Lambda makes of an event.
  'failed-copy': 0.5,
  'late-event': 0.2,
  'aged-event': 0.3,
  'lost-report': 0.4,
  'duplicate-report': 0.3,
  'late-report': 0.3,
  // the target
  fails: 0.3,
  'target-crash': 0.2,
  'target-timeout': 0.15,
  'target-exit': 0.15,
  'target-silent': 0.15,
  'lost-fence-answer': 0.2,
  // clocks
  skew: 0.5,
  // people
  'manual-run': 0.5,
  backfill: 0.5,
  'redefined-task': 0.5,
  'paused-task': 0.5,
  'cancelled-run': 0.5,
  'deleted-task': 0.25,
  'repaired-task': 0.3,
  upgrade: 0.5,
} as const

export type Fault = keyof typeof RATES
export const FAULTS = Object.keys(RATES) as Fault[]

export type Limits = {
  /** Only these faults; all where absent. */
  only?: readonly Fault[] | undefined
  /** Strikes, by their number from 1, that do not happen. */
  without?: readonly number[] | undefined
}

/**
 * Decides what goes wrong in a history. A history has some of the faults and not all, so that each is met alone, in
 * company, and not at all; and a bounded number of strikes, so that it comes to rest.
 */
export class Faults {
  readonly struck: Fault[] = []
  private readonly prng: Prng
  private readonly chosen = new Set<Fault>()
  private budget: number

  constructor(
    seed: number,
    private readonly limits: Limits,
  ) {
    // Apart from the world's own choices, so that a fault taken out leaves those as they were.
    this.prng = new Prng(seed ^ 0x5bd1e995)
    const share = this.prng.pick([0.1, 0.2, 0.35, 0.6])
    this.budget = this.prng.between(1, 10)
    for (const fault of FAULTS) if (this.prng.chance(share)) this.chosen.add(fault)
    // What every promise has to bear, and most holes take.
    if (this.prng.chance(0.4)) this.chosen.add('crash')
    if (this.prng.chance(0.4)) this.chosen.add('crash-before-next')
  }

  strikes(fault: Fault): boolean {
    if (this.budget <= 0 || !this.chosen.has(fault)) return false
    if (this.limits.only && !this.limits.only.includes(fault)) return false
    if (!this.prng.chance(RATES[fault])) return false
    this.budget--
    this.struck.push(fault)
    return !this.limits.without?.includes(this.struck.length)
  }

  has(fault: Fault): boolean {
    return this.struck.some((one, index) => one === fault && !this.limits.without?.includes(index + 1))
  }

  /** From here on all goes well. */
  end(): void {
    this.budget = 0
  }
}
