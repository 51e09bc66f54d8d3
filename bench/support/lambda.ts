/** How Lambda runs and bills what was measured here, on whole cores. */
import { PRICES } from '../prices'
import { quantile } from '../statistics'

/** MB at which a function has one whole vCPU, and below which it has that share of one (Developer Guide, configuration-memory). */
export const WHOLE_CPU = 1769
/** MB in the GB by which Lambda bills memory (1,024, as its own examples count). */
const MB_OF_GB = 1024

/** Milliseconds of this machine: in all, and of CPU, all threads together. */
export type Used = { duration: number; cpu: number }

/**
 * Milliseconds that the same takes with `memory` MB. Lambda enforces the share as Linux does for a container, by a quota of
 * CPU that is renewed every few milliseconds (20, as measured in "Demystifying Serverless Costs on Public Platforms",
 * arXiv 2506.01283). It is renewed during waits too, so these pass while the process would be held back anyhow: the longer of
 * the two counts, not their sum.
 */
export function durationAt(memory: number, { duration, cpu }: Used): number {
  return Math.max(duration, cpu / Math.min(1, memory / WHOLE_CPU))
}

/**
 * One of many alike, by their lower quartiles: whoever else runs on this machine adds to the time that passes, and by the
 * caches that are shared to the CPU that is used, which on Lambda nobody does.
 */
export const typical = (all: readonly Used[]): Used => ({
  duration: quantile(
    all.map(({ duration }) => duration),
    0.25,
  ),
  cpu: quantile(
    all.map(({ cpu }) => cpu),
    0.25,
  ),
})

/**
 * Milliseconds of an initialisation: it waits for nobody, and has a whole vCPU whatever the memory (Serverless Land,
 * "Effectively running Java on serverless"; no promise of the Developer Guide).
 */
export const initDuration = ({ cpu }: Pick<Used, 'cpu'>) => cpu

/** US dollars of so many milliseconds, initialisations among them (billed since August 2025), without the request. */
export const durationCost = (memory: number, milliseconds: number) =>
  (milliseconds / 1000) * (memory / MB_OF_GB) * PRICES.lambdaGbSecond
