/** What people do to a task while it runs: by hand, at any moment, and again where the command died. */
import type { BackfillMessage, TickMessage } from '../core/message'
import { cancelRun } from '../core/protocol/cancel'
import type { Context, Step } from '../core/protocol/effect'
import { pauseTask, resumeTask } from '../core/protocol/pause'
import { isEnded } from '../core/protocol/record'
import { repairTask } from '../core/protocol/repair'
import { SECOND } from '../core/timing'
import { redefined, START, TASK } from './plan'
import type { World } from './world'

const MINUTE = 60 * SECOND
/** How long after the last tick people still act, ms. */
const AFTER = 300_000

export class People {
  deleted = false

  constructor(private readonly world: World) {}

  arrange(): void {
    const { faults } = this.world.stage
    if (faults.strikes('manual-run'))
      for (let count = this.world.stage.prng.between(1, 3); count > 0; count--)
        this.sometime(() => this.startByHand())
    if (faults.strikes('backfill')) this.sometime(() => this.backfill())
    if (faults.strikes('deleted-group'))
      this.sometime(() => {
        this.world.ledger.logsLost = true
        this.world.logs.deleteGroup()
      })
    if (faults.strikes('redefined-task')) this.sometime(() => this.redefine())
    if (faults.strikes('paused-task')) this.sometime(() => this.pause())
    if (faults.strikes('cancelled-run')) this.sometime(() => this.cancel())
    if (faults.strikes('deleted-task')) this.sometime(() => this.remove())
    if (faults.strikes('upgrade')) {
      this.world.ledger.upgraded = true
      this.world.isOlder = true
      this.sometime(() => {
        this.world.stage.trace?.add(
          'person',
          'has deployed a newer version: its handlers have replaced the older',
        )
        this.world.isOlder = false
      })
    }
    if (faults.strikes('repaired-task')) this.sometime(() => this.repair())
    if (faults.strikes('lost-queue'))
      this.sometime(() => {
        this.world.loseQueue()
        this.world.stage.later(60_000, () => this.repair())
      })
  }

  resume(): void {
    this.command('resume', (ctx) => {
      const { definition, ledger, stage } = this.world
      ledger.say(undefined, stage.now, definition)
      return resumeTask(ctx, TASK, definition)
    })
  }

  repair(): void {
    // What a command has read may be old when it acts on it.
    this.command('repair', (ctx) => {
      const unfinished = this.world.ledger.records.filter((record) => !isEnded(record))
      return repairTask(ctx, TASK, unfinished)
    })
  }

  /** A moment in the time of the history. */
  private sometime(act: () => void): void {
    const { stage } = this.world
    const last = stage.plan.ticks.at(-1) ?? START
    stage.around(START + stage.prng.below(last - START + AFTER), act)
  }

  private startByHand(): void {
    const { stage, ledger, queue, definition } = this.world
    const { prng, plan } = stage
    const backfill = prng.chance(0.4)
    const tick = prng.pick(plan.ticks)
    // A backfilled run has a tick's key, and may be one that is due; a run by hand never ends in whole seconds.
    const at = backfill
      ? tick - prng.pick([0, 0, 3600]) * SECOND
      : Math.floor(stage.now / SECOND) * SECOND + 7
    const run = new Date(at).toISOString()
    stage.trace?.name(run, backfill ? 'B' : 'M')
    ledger.expected.add(run)
    const scheduledAt = new Date(backfill ? at : tick).toISOString()
    const trigger = backfill ? 'backfill' : 'manual'
    queue.send([
      { message: { kind: 'run', task: TASK, run, scheduledAt, trigger, definition }, delaySeconds: 0 },
    ])
  }

  /** Minutes of the past, of which some may be ticks of the schedule. What is due right now is the schedule's own. */
  private backfill(): void {
    const { stage, ledger, queue, definition } = this.world
    const { prng } = stage
    const to = Math.floor((stage.now - 15 * SECOND) / MINUTE) * MINUTE
    // Most are short, and some take more than one message.
    const count = prng.chance(0.03) ? prng.between(5, 30) : prng.between(1, 4)
    const from = to - (count - 1) * MINUTE
    const rerun = prng.chance(0.4)
    const backfill = new Date(Math.floor(stage.now / SECOND) * SECOND + 11).toISOString()
    for (let at = from; at <= to; at += MINUTE) {
      const run = new Date(at).toISOString()
      ledger.expected.add(run)
      stage.trace?.name(run, 'B')
      const record = ledger.record(run)
      if (rerun && record && isEnded(record)) ledger.reruns.push({ backfill, tick: run })
    }
    const message: BackfillMessage = {
      kind: 'backfill',
      task: TASK,
      backfill,
      schedule: 'every 1 minute',
      timezone: 'UTC',
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      rerun,
      definition,
    }
    queue.send([{ message, delaySeconds: 0 }])
  }

  private redefine(): void {
    const { world } = this
    const { stage } = world
    world.definition = redefined(stage.prng, stage.plan)
    world.ledger.definitions.push(world.definition)
    const { concurrency, overlap } = world.definition
    stage.trace?.add('person', `deploys the task anew: concurrency ${concurrency}, overlap ${overlap}`)
  }

  private pause(): void {
    const { stage } = this.world
    const { prng } = stage
    const length = prng.pick([1000, 60_000, 600_000])
    const by = prng.chance(0.5) ? { until: stage.now + length } : {}
    const resume = () => {
      // Whoever pauses without an end ends it himself, when the pause is there.
      if (!('until' in by)) stage.later(length, () => this.resume())
    }
    this.command('pause', () => pauseTask(TASK, { reason: 'holiday', ...by }), resume)
  }

  private cancel(): void {
    const { stage, ledger } = this.world
    const open = ledger.records.filter((record) => !isEnded(record))
    const record = stage.prng.pick(open.length > 0 ? open : ledger.records)
    if (record === undefined) return
    ledger.cancelled.add(record.run)
    this.command(`cancel ${record.run}`, (ctx) => cancelRun(ctx, TASK, record.run, 'ann'))
  }

  private remove(): void {
    const { stage, lambda } = this.world
    this.deleted = true
    lambda.gone = stage.prng.chance(0.5)
    stage.trace?.add('person', `deletes the task${lambda.gone ? ' and its function' : ''}`)
  }

  /** Whose command died types it again. */
  private command(name: string, step: (ctx: Context) => Step<unknown>, done = () => {}): void {
    const { stage } = this.world
    stage.trace?.add('person', name)
    this.world.run({
      scene: { kind: 'person' },
      name,
      by: stage.id('person'),
      timeout: 60_000,
      step,
      done,
      died: () => stage.later(60_000, () => this.command(name, step, done)),
    })
  }
}

/** The message of the schedule's next tick. */
export function tickMessage(at: number, world: World): TickMessage {
  const { definition, stage } = world
  const { everySeconds } = stage.plan
  return {
    kind: 'tick',
    task: TASK,
    scheduledAt: new Date(at).toISOString().replace('.000Z', 'Z'),
    ...(everySeconds === undefined ? {} : { everySeconds }),
    definition,
    payload: { max: 6 },
  }
}
