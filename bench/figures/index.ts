import type { Measure } from '../figure'
import { bundle } from './bundle'
import { calls } from './calls'
import { coldLoad } from './cold-load'
import { costPerMillion } from './cost-per-million'
import { firstVerdict } from './first-verdict'
import { idleMonth } from './idle-month'
import { listing } from './listing'
import { memory } from './memory'
import { memorySizes } from './memory-sizes'
import { scale } from './scale'
import { simulation } from './simulation'
import { startDelay } from './start-delay'
import { throughput } from './throughput'

/** In the order in which they are measured and printed. */
export const FIGURES: Record<string, Measure> = {
  startDelay,
  throughput,
  calls,
  costPerMillion,
  idleMonth,
  coldLoad,
  bundle,
  memory,
  memorySizes,
  firstVerdict,
  scale,
  listing,
  simulation,
}
