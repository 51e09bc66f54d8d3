/** One seed, one history: from the first tick to the time when nothing is left to happen. */
import { SECOND } from '../core/timing'
import { Agenda } from './agenda'
import type { Variant } from './broken/variant'
import { type Fault, Faults, type Limits } from './faults'
import { atRest, stranded } from './invariants/rest'
import { People, tickMessage } from './people'
import { planOf, START } from './plan'
import { Prng } from './prng'
import { Stage } from './stage'
import { ticksOf } from './ticks'
import { Trace } from './trace'
import { Violation } from './violation'
import { World } from './world'

export type HistoryOptions = Limits & {
  /** At most so many ticks of the schedule. */
  maxTicks?: number | undefined
  variant?: Variant | undefined
  trace?: boolean | undefined
}

export type History = {
  seed: number
  events: number
  struck: readonly Fault[]
  violation: Violation | undefined
  trace: readonly string[]
}

const MAX_EVENTS = 20_000
/** How often the world is helped to rest: by a later tick, a repair, a resume, a redrive. */
const MAX_ROUNDS = 6
/** Longer than any slot of a function of 900 s is held. */
const LATER = 1_200_000

export function runHistory(seed: number, options: HistoryOptions = {}): History {
  const prng = new Prng(seed)
  const faults = new Faults(seed, options)
  const agenda = new Agenda(START)
  const trace = options.trace ? new Trace(agenda) : undefined
  const plan = planOf(prng, options.maxTicks ?? Number.POSITIVE_INFINITY)
  const stage = new Stage(agenda, prng, faults, plan, trace)
  const world = new World(stage, options.variant)
  const people = new People(world)
  let violation: Violation | undefined
  try {
    trace?.add('task', describePlan(stage))
    for (const tick of plan.ticks) schedule(world, people, tick)
    people.arrange()
    toItsEnd(world, people)
  } catch (error) {
    // What the services refuse (a path that is not there, a delay that SQS does not take) is a handler's fault as well.
    violation = error instanceof Violation ? error : new Violation('handlers-do-not-fail', stackOf(error))
    trace?.add('BROKEN', violation.message)
  }
  return { seed, events: agenda.count, struck: faults.struck, violation, trace: trace?.lines ?? [] }
}

/** EventBridge Scheduler fires anywhere within a tick's minute, and at least once. */
function schedule(world: World, people: People, tick: number): void {
  const { stage } = world
  const late = stage.faults.strikes('late-tick') ? 59_000 : 1000
  const fire = () => {
    if (!people.deleted) sendTick(world, tick)
  }
  stage.around(tick + stage.prng.below(late), fire)
  if (stage.faults.strikes('doubled-tick')) stage.around(tick + stage.prng.below(59_000), fire)
}

function sendTick(world: World, tick: number): void {
  const message = tickMessage(tick, world)
  for (const at of ticksOf(message)) {
    const run = new Date(at).toISOString()
    world.ledger.expected.add(run)
    world.stage.trace?.name(run, 'T')
  }
  world.queue.send([{ message, delaySeconds: 0 }])
}

/** Lets everything happen, heals what only people and later ticks can heal, and looks at what has become of it all. */
function toItsEnd(world: World, people: People): void {
  const { stage, queue, ledger } = world
  rest(world)
  stage.faults.end()
  const discards = stage.prng.chance(0.5)
  let healing = queue.dead.length > 0 || queue.copyDied || queue.lost.length > 0 || ledger.pausedEver
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const open = stranded(ledger)
    if (open === undefined && queue.dead.length === 0) break
    if (!healing && open !== undefined)
      throw new Violation('no-stranded-run', `${open}, and nothing was dead-lettered`)
    healing = true
    if (ledger.lock.paused) people.resume()
    // A message of a step of a run may be thrown away: the next tick heals it. That of the run itself is redriven.
    if (discards) queue.discardSteps()
    queue.redrive()
    rest(world)
    if (stranded(ledger) === undefined) continue
    stage.agenda.in(LATER, () => (people.deleted ? people.repair() : sendTick(world, nextTick(stage))))
    rest(world)
  }
  atRest({ ledger, bodies: world.bodies, faults: stage.faults, kills: stage.kills })
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error))

const nextTick = ({ now }: Stage) => Math.ceil(now / SECOND) * SECOND

function rest({ stage }: World): void {
  const { agenda } = stage
  while (agenda.step())
    if (agenda.count > MAX_EVENTS)
      throw new Violation('comes-to-rest', `after ${MAX_EVENTS} events there are still more to come`)
}

function describePlan({ plan }: Stage): string {
  const { definition, ticks, everySeconds } = plan
  const { target, concurrency, overlap, startWithin, functionTimeout, timeout, retry } = definition
  return [
    `${ticks.length} ${everySeconds === undefined ? 'ticks' : `minutes of ticks every ${everySeconds} s`}`,
    `target ${target}${definition.foreign ? ' (foreign)' : ''}`,
    `concurrency ${concurrency}`,
    `overlap ${overlap}`,
    `startWithin ${startWithin ?? 'none'}`,
    `timeout ${timeout} of ${functionTimeout}`,
    `attempts ${retry.attempts}, delay ${retry.delay}`,
  ].join(', ')
}
