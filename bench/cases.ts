/** What a run costs, case by case: real runs of a deployed service on the engine, whose clock is moved. */
import type { RunRecord } from '../lib/core/protocol/record'
import type { Ended } from '../lib/engine/lambda/execution/pool'
import { startWorld, type World } from '../test/e2e/support/world'
import { setSchedules } from '../test/support/schedules'
import { Counter, total } from './count/counter'
import { combine, emptyTally, type Tally } from './count/tally'
import { durationAt, initDuration, typical } from './support/lambda'
import { SERVICE } from './support/names'
import { benchService } from './support/service'

export const CASES = ['no contention', 'waited', 'retried', 'failed', 'skipped'] as const
export type Case = (typeof CASES)[number]

/** Of a run of that case. */
export type Cost = { tally: Tally; invocations: Invocation[]; runs: number }
/**
 * All of one function, of which one takes so many milliseconds with that memory (MB) and its share of CPU. `init`: those
 * of the processes that were started, for each invocation.
 */
export type Invocation = {
  functionName: string
  perRun: number
  memorySize: number
  duration: number
  init: number
}

const SECOND = 1000
/**
 * Milliseconds. Scheduler's message of a minute comes at any time in it, hardly ever together with a tick that is due: what
 * they would share of a batch is not to be counted.
 */
const LATENESS = 7 * SECOND

type Scenario = { task: object; outcomes: readonly string[] }

/** A task for each case. Where every second tick finds one running, its `outcomes` alternate. */
function scenario(name: Case, every: number): Scenario {
  const schedule = every === 30 ? 'every 30 seconds' : `every ${every / 60} minutes`
  const hold = (every * 4) / 3
  switch (name) {
    case 'no contention':
      return { task: { schedule }, outcomes: ['SUCCEEDED 1'] }
    case 'waited':
      return {
        task: { schedule, payload: { hold, every } },
        outcomes: ['SUCCEEDED 1', 'SUCCEEDED 1 waited'],
      }
    case 'retried':
      return {
        task: { schedule, payload: { failures: 1 }, retry: { attempts: 2, delay: 5 } },
        outcomes: ['SUCCEEDED 2'],
      }
    case 'failed':
      return { task: { schedule, payload: { failures: 1 } }, outcomes: ['FAILED 1'] }
    case 'skipped':
      return {
        task: { schedule, overlap: 'skip', payload: { hold, every } },
        outcomes: ['SUCCEEDED 1', 'SKIPPED 0'],
      }
  }
}

const OVERLAPPING: readonly Case[] = ['waited', 'skipped']

export type CaseOptions = {
  /** Seconds between ticks: 30, or whole minutes. */
  every: number
  /** Ticks before the count begins, until as many deadlines come due as are armed. */
  warmUp: number
  /** Ticks that are counted of runs that need not wait, and of every other case (an even number). */
  counted: number
  countedOthers: number
  /** All cases at once: faster, and what messages of several tasks share is counted for none of them. */
  together?: boolean
  /** Whether what a case sent for later comes before the next case; of the last one nobody needs it. */
  drain?: boolean
  progress?: (what: string) => void
}

/** What one run of each case costs. That of a case in which every second tick meets a running one is the second's alone. */
export async function measureCases(options: CaseOptions): Promise<Record<Case, Cost>> {
  const { every, together = false, progress = () => {} } = options
  const scenarios = Object.fromEntries(CASES.map((name) => [taskOf(name), scenario(name, every)]))
  const service = benchService(
    Object.fromEntries(Object.entries(scenarios).map(([task, { task: config }]) => [task, config])),
    { timeout: longestLife(every) },
  )
  const world = await startWorld(SERVICE, undefined, { schedulerLateness: LATENESS })
  try {
    progress('deploying')
    await service.sls(world.engine.endpoint, 'deploy')
    // Off until it is their turn; the clock has not moved yet. A task that is deployed with its schedule off is another.
    await setSchedules(world.scheduler, world.names.scheduleGroup, CASES.map(taskOf), 'DISABLED')
    const meter = new Meter(world, every)
    const found = {} as Record<Case, Cost>
    for (const group of together ? [CASES] : CASES.map((name) => [name])) {
      progress(`${group.join(', ')}, every ${every} s`)
      const counted = group.includes('no contention') ? options.counted : options.countedOthers
      const counts = await meter.measure(group.map(taskOf), { ...options, counted })
      for (const name of group) {
        await expectOutcomes(world, taskOf(name), scenarios[taskOf(name)] as Scenario)
        found[name] = counts.of(taskOf(name))
      }
    }
    for (const name of OVERLAPPING) found[name] = secondOfPair(found[name], found['no contention'])
    meter.close()
    return found
  } finally {
    await world.close()
    service.remove()
  }
}

/**
 * Seconds: the function's time-out. More than a body holds and a step of the clock, and no multiple of the interval, so
 * that a deadline does not come together with a tick by chance.
 */
const longestLife = (every: number) => (every * 5) / 3

const taskOf = (name: Case) => name.replace(' ', '-')

/** Of two runs, the first of which met nobody, what the second cost. */
function secondOfPair(mean: Cost, alone: Cost): Cost {
  const functions = [...new Set([...mean.invocations, ...alone.invocations].map((one) => one.functionName))]
  const of = (cost: Cost, name: string) => cost.invocations.find((one) => one.functionName === name)
  return {
    tally: combine(2, mean.tally, -1, alone.tally),
    runs: mean.runs / 2,
    invocations: functions.map((functionName) => ({
      functionName,
      perRun: 2 * (of(mean, functionName)?.perRun ?? 0) - (of(alone, functionName)?.perRun ?? 0),
      memorySize: of(alone, functionName)?.memorySize ?? 0,
      duration: of(alone, functionName)?.duration ?? 0,
      init: of(alone, functionName)?.init ?? 0,
    })),
  }
}

/** What was counted must be what it is said to be. */
async function expectOutcomes(world: World, task: string, { outcomes }: Scenario): Promise<void> {
  const runs = await world.runs(task)
  const wrong = runs.find((run, index) => outcomeOf(run) !== outcomes[index % outcomes.length])
  if (runs.length === 0 || wrong)
    throw new Error(`the runs of ${task} are not what is to be counted: ${JSON.stringify(wrong ?? runs)}`)
}

const outcomeOf = ({ status, attempt = 0, queuedAt }: RunRecord) =>
  `${status} ${attempt}${queuedAt === undefined ? '' : ' waited'}`

class Meter {
  private readonly counter: Counter
  private ended: Ended[] = []
  private readonly watches: (() => void)[]

  constructor(
    private readonly world: World,
    private readonly every: number,
  ) {
    this.counter = new Counter(() => world.clock.now())
    this.watches = [
      world.engine.onCall(this.counter.onCall),
      world.engine.services.lambda.onEnded((ended) => this.ended.push(ended)),
    ]
  }

  close(): void {
    for (const end of this.watches) end()
  }

  async measure(tasks: string[], { warmUp, counted, together = false, drain = true }: CaseOptions) {
    const { world, every } = this
    const group = world.names.scheduleGroup
    // An even tick comes first, and the count begins and ends well after what a tick sets going.
    const pair = 2 * every * SECOND
    await this.advanceTo(Math.ceil(world.clock.now() / pair) * pair + 2 * pair - (every * SECOND) / 6)
    await setSchedules(world.scheduler, group, tasks, 'ENABLED')
    await this.advanceTo(world.clock.now() + warmUp * every * SECOND)
    this.counter.take()
    this.ended = []
    await this.advanceTo(world.clock.now() + counted * every * SECOND)
    const tallies = this.counter.take()
    const invocations = together ? [] : invocationsOf(this.ended, counted)
    await setSchedules(world.scheduler, group, tasks, 'DISABLED')
    if (drain) await this.advanceTo(world.clock.now() + 20 * 60 * SECOND)
    return {
      of: (task: string): Cost => ({
        tally: combine(
          1 / counted,
          together ? (tallies.get(task) ?? emptyTally()) : total(tallies),
          0,
          emptyTally(),
        ),
        invocations,
        runs: counted,
      }),
    }
  }

  /** In short steps while something goes on, so that what follows from it happens at its time, else in long ones. */
  private async advanceTo(time: number): Promise<void> {
    const { clock } = this.world
    while (clock.now() < time) {
      const busy = clock.now() - this.counter.lastCall < 3 * SECOND
      const tick = this.every * SECOND
      const step = busy ? SECOND : Math.min(tick / 6, tick - (clock.now() % tick))
      await this.world.advance(Math.min(step, time - clock.now()))
    }
  }
}

function invocationsOf(ended: Ended[], runs: number): Invocation[] {
  const names = [...new Set(ended.map(({ functionName }) => functionName))].sort()
  return names.map((functionName) => {
    const all = ended.filter((one) => one.functionName === functionName)
    const memorySize = all[0]?.memorySize ?? 0
    const inits = all.flatMap(({ hostInit }) => (hostInit ? [hostInit] : []))
    const invocation = typical(all.map(({ hostDuration: duration, hostCpu: cpu }) => ({ duration, cpu })))
    return {
      functionName,
      perRun: all.length / runs,
      memorySize,
      duration: durationAt(memorySize, invocation),
      init: inits.length === 0 ? 0 : (initDuration(typical(inits)) * inits.length) / all.length,
    }
  })
}
