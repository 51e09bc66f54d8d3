import { runHistory } from '../../lib/simulate/history'
import { type Bench, type Figure, round } from '../figure'
import { spread } from '../statistics'

const TARGET = 2000
/** Histories that let the compiler do its work first, and of each of the samples. */
const WARM_UP = 2000
const SAMPLE = 1500
const SAMPLES = 7

/** By the processor's time, so that what else the machine does counts less. */
export async function simulation(bench: Bench): Promise<Figure> {
  const rates: number[] = []
  let seed = 1
  for (const histories of [WARM_UP, ...Array<number>(SAMPLES).fill(SAMPLE)]) {
    bench.progress(`simulation, ${rates.length + 1} of ${SAMPLES + 1}`)
    const before = process.cpuUsage()
    for (const end = seed + histories; seed < end; seed++) {
      const { violation } = runHistory(seed)
      if (violation) throw new Error(`seed ${seed} breaks a promise: ${violation.message}`)
    }
    const { user, system } = process.cpuUsage(before)
    rates.push(histories / ((user + system) / 1e6))
  }
  const { median, low, high } = spread(rates.slice(1))
  return {
    value: round(median, 0),
    unit: 'histories a second a core',
    target: `>= ${TARGET}`,
    ok: median >= TARGET,
    detail: { quartiles: { low: round(low, 0), high: round(high, 0) } },
  }
}
