import { setTimeout as sleep } from 'node:timers/promises'
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { type Bench, type Figure, round } from '../figure'
import { PRICES_OF } from '../prices'
import { spread } from '../statistics'
import { HANDLERS, type Handler } from '../support/bare-bundle'
import { type Deployed, deployed } from '../support/deployed'
import { functionOf, HandlerRuns, type Samples, TASKS } from '../support/handler-runs'
import { durationAt, durationCost, initDuration, typical, type Used, WHOLE_CPU } from '../support/lambda'
import { benchService } from '../support/service'

const SIZES = [128, 256, 512, 1024, WHOLE_CPU] as const
/** Cold starts of each handler at each size, and the runs that follow each. */
const ROUNDS = 2
const WARM_RUNS = 8
/** Of these, until the code that every run needs was seen. */
const WARM_UP = 2
/** Milliseconds. Deploying tries the checker. */
const REST = 2000

/** Milliseconds, and the share of the memory: Lambda counts more than the process, and payloads differ. */
const LIMITS = { cold: 2000, warm: 200, peak: 0.5 }
/** "Under 1% of invocations" (AWS Compute Blog, "AWS Lambda standardizes billing for INIT phase"). */
const COLD_SHARE = 0.01
const MILLION = 1e6

type Row = { cold: number; warm: number; peakMb: number }
type Measured = {
  samples: Record<Handler, Samples>
  batches: Used[]
  peaks: Record<Handler, Map<number, number>>
  /** MB, as deployed. */
  set: Record<Handler, number>
}

/** At each memory size: how fast a start and an end of a run are, cold and warm, what they need and what they cost. */
export async function memorySizes(bench: Bench): Promise<Figure> {
  const { samples, batches, peaks, set } = await measure(bench)
  const rows = SIZES.map((size) => {
    const row = (name: Handler): Row => ({
      cold: coldStart(size, samples[name]),
      warm: durationAt(size, typical(samples[name].warm)),
      peakMb: peaks[name].get(size) ?? Number.NaN,
    })
    return { size, dispatcher: row('dispatcher'), checker: row('checker') }
  })
  const fits = (size: number, { cold, warm, peakMb }: Row) =>
    cold < LIMITS.cold && warm < LIMITS.warm && peakMb < LIMITS.peak * size
  const right = rows.find(({ size, ...row }) => HANDLERS.every((name) => fits(size, row[name])))?.size
  return {
    value: { ...set, table: right ?? 'none' },
    unit: 'MB: what the template sets for each, and what the table says',
    target: `the same, and the table says the smallest, which is the cheapest, at which a cold start takes < ${LIMITS.cold / 1000} s, a warm invocation < ${LIMITS.warm} ms and the peak is < ${LIMITS.peak * 100}% of the memory`,
    ok: Object.values(set).every((size) => size === right),
    detail: {
      pricesOf: PRICES_OF,
      'by size': Object.fromEntries(
        rows.map(({ size, ...row }) => [
          `${size} MB`,
          {
            dispatcher: shown(row.dispatcher),
            checker: shown(row.checker),
            'USD a million runs': {
              [`${COLD_SHARE * 100}% of them cold`]: costOf(size, row, COLD_SHARE),
              'all of them cold': costOf(size, row, 1),
            },
          },
        ]),
      ),
      'measured here, ms': Object.fromEntries(HANDLERS.map((name) => [name, measuredOf(samples[name])])),
      'a batch of ten large messages, ms': Object.fromEntries(
        SIZES.map((size) => [`${size} MB`, round(durationAt(size, typical(batches)), 0)]),
      ),
      'cold start, ms, if Lambda gave the initialisation no more CPU than the rest': Object.fromEntries(
        SIZES.map((size) => [`${size} MB`, throttled(size, samples)]),
      ),
    },
  }
}

/** What is done does not depend on the size, so the times of all sizes are one sample. */
async function measure(bench: Bench): Promise<Measured> {
  bench.progress('memory sizes: deploying')
  const tasks = TASKS.map((name) => [name, { schedule: 'every 5 minutes', enabled: false }])
  const world = await deployed(benchService(Object.fromEntries(tasks)))
  const runs = new HandlerRuns(world)
  const measured: Measured = {
    samples: { dispatcher: { cold: [], warm: [] }, checker: { cold: [], warm: [] } },
    batches: [],
    peaks: { dispatcher: new Map(), checker: new Map() },
    set: {
      dispatcher: await memoryOf(world, 'dispatcher'),
      checker: await memoryOf(world, 'checker'),
    },
  }
  try {
    await sleep(REST)
    for (let turn = 1; turn <= ROUNDS; turn++) {
      for (const size of SIZES) {
        bench.progress(`memory sizes: ${size} MB, ${turn} of ${ROUNDS}`)
        // A changed function begins with a new process.
        for (const name of HANDLERS) await setMemory(world, name, size)
        runs.clear()
        for (let run = 0; run <= WARM_RUNS; run++) await runs.one()
        for (const name of HANDLERS) {
          const { cold, warm } = runs.samples(name)
          measured.samples[name].cold.push(...cold)
          measured.samples[name].warm.push(...warm.slice(WARM_UP))
        }
        if (turn === ROUNDS) measured.batches.push(await runs.batch())
        for (const name of HANDLERS) {
          const { peaks } = measured
          peaks[name].set(size, Math.max(peaks[name].get(size) ?? 0, runs.peak(name)))
        }
      }
    }
    return measured
  } finally {
    runs.stop()
    await world.close()
  }
}

async function memoryOf({ session }: Deployed, name: Handler): Promise<number> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionOf(name) })
  return (await session.clients.lambda.send(command)).MemorySize ?? Number.NaN
}

async function setMemory({ session }: Deployed, name: Handler, MemorySize: number): Promise<void> {
  const change = { FunctionName: functionOf(name), MemorySize }
  await session.clients.lambda.send(new UpdateFunctionConfigurationCommand(change))
}

const coldStart = (size: number, { cold }: Samples) =>
  initDuration(typical(cold.map(({ init }) => init))) +
  durationAt(size, typical(cold.map(({ first }) => first)))

const shown = ({ cold, warm, peakMb }: Row) => ({
  'cold start ms': round(cold, 0),
  'warm ms': round(warm, 0),
  'peak MB': peakMb,
})

/** Of a run's start and its end, beside their requests. */
function costOf(size: number, row: Record<Handler, Row>, coldShare: number): number {
  const mean = ({ cold, warm }: Row) => coldShare * Math.ceil(cold) + (1 - coldShare) * Math.ceil(warm)
  return round(durationCost(size, mean(row.dispatcher) + mean(row.checker)) * MILLION)
}

function throttled(size: number, samples: Record<Handler, Samples>): Record<Handler, number> {
  const of = (samples: Samples) => {
    const cpu = initDuration(typical(samples.cold.map(({ init }) => init)))
    return round(coldStart(size, samples) - cpu + durationAt(size, { duration: cpu, cpu }), 0)
  }
  return { dispatcher: of(samples.dispatcher), checker: of(samples.checker) }
}

function measuredOf({ cold, warm }: Samples) {
  const wait = ({ duration, cpu }: Used) => Math.max(0, duration - cpu)
  return {
    'initialisation, CPU': spread(cold.map(({ init }) => init.cpu)),
    'first invocation, CPU': spread(cold.map(({ first }) => first.cpu)),
    'first invocation, waits': spread(cold.map(({ first }) => wait(first))),
    'warm invocation, CPU': spread(warm.map(({ cpu }) => cpu)),
    'warm invocation, waits': spread(warm.map(wait)),
  }
}
