import { setTimeout as sleep } from 'node:timers/promises'
import { startWorld, type World } from '../../e2e/support/world'
import { setSchedules } from '../../support/schedules'
import { isAtRest, readFacts } from './facts'
import { Faults } from './faults'
import { observe, type Violation } from './observe'
import { Pace } from './pace'
import { Random } from './random'
import { faultService, SERVICE, TASKS, ticksOwed } from './tasks'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** Of the moved clock, after which what is not over is stuck. An attempt that nobody hears of takes four minutes. */
const PATIENCE = 20 * MINUTE

export type Round = {
  number: number
  /** Ticks that were due, and runs that there are. */
  owed: number
  runs: number
  kills: number
  doubled: number
  violations: Violation[]
}

export type RoundsOptions = { rounds: number; seed: number; from?: number; onRound?(round: Round): void }

/**
 * Each round: ticks come for some minutes while processes of dispatcher, checker and target are killed and deliveries
 * doubled; then they cease, the clock moves on until all is quiet, and what DynamoDB and the logs hold is looked at. The
 * seed decides what is done; how the processes fall in with each other is real, so a round never repeats itself exactly.
 */
export async function runRounds({ rounds, seed, from = 1, onRound }: RoundsOptions): Promise<Round[]> {
  const service = faultService({ enabled: false })
  const world = await startWorld(SERVICE)
  const pace = new Pace(world.engine, world.clock)
  const done: Round[] = []
  let random = new Random(seed)
  const names = { queue: world.names.queue, dispatcher: `${world.names.prefix}-slipstreamDispatcher` }
  const faults = new Faults(world.engine, world.clock, names, () => random)
  try {
    await service.sls(world.engine.endpoint, 'deploy')
    for (let number = from; number < from + rounds; number++) {
      random = new Random(seed * 1_000_003 + number)
      const round = await runRound({ world, pace, faults, random }, number)
      done.push(round)
      onRound?.(round)
    }
    return done
  } finally {
    await faults.close()
    pace.stop()
    await world.close()
    service.remove()
  }
}

type Stage = { world: World; pace: Pace; faults: Faults; random: Random }

async function runRound(stage: Stage, number: number): Promise<Round> {
  const { world, pace, faults, random } = stage
  const before = { kills: sum(faults.kills), doubled: faults.doubled }
  const { clock } = world
  await pace.advance(random.whole(1, 60) * SECOND)
  const on = clock.now()
  await setSchedules(world.scheduler, world.names.scheduleGroup, Object.keys(TASKS), 'ENABLED')
  await storm(stage)
  const off = clock.now()
  await setSchedules(world.scheduler, world.names.scheduleGroup, Object.keys(TASKS), 'DISABLED')
  const owed = Object.fromEntries(
    Object.entries(TASKS).map(([task, config]) => [task, ticksOwed(config, on, off)]),
  )
  const count = Object.values(owed).flat().length
  const since = new Date(on).toISOString()
  await quiet(stage, since, count)
  const facts = await readFacts(world, since)
  const violations = observe(facts, owed)
  return {
    number,
    owed: count,
    runs: facts.runs.length,
    kills: sum(faults.kills) - before.kills,
    doubled: faults.doubled - before.doubled,
    violations,
  }
}

/** One and a half to three minutes of ticks and faults. */
async function storm({ world, pace, faults, random }: Stage): Promise<void> {
  faults.weather = { kill: random.between(0.002, 0.02), double: random.between(0, 0.4) }
  const killEachStep = random.between(0.02, 0.08)
  const end = world.clock.now() + random.between(1.5, 3) * MINUTE
  while (world.clock.now() < end) {
    const step = random.whole(200, 3000)
    if (random.chance(killEachStep)) {
      const moved = pace.advance(step)
      await sleep(random.between(0, 100))
      faults.killOne()
      await moved
    } else await pace.advance(step)
  }
  faults.weather = { kill: 0, double: 0 }
}

async function quiet({ world, pace, faults }: Stage, since: string, owed: number): Promise<void> {
  const end = world.clock.now() + PATIENCE
  while (world.clock.now() < end) {
    await pace.advance(5 * SECOND)
    if (faults.pending > 0) continue
    if (await isAtRest(world, since, owed)) return
  }
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((all, n) => all + n, 0)
