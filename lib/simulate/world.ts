/** The world of one history: the services, the handlers that they call, and what is watched. */
import type { Definition } from '../core/definition'
import type { Message } from '../core/message'
import { parseStreamName } from '../core/names'
import type { TargetPayload } from '../core/payload'
import { onMessage } from '../core/protocol/dispatch'
import type { Context, SingleEffect, Step } from '../core/protocol/effect'
import { type LogBatch, onLogBatch } from '../core/protocol/log-batch'
import type { RunRecord } from '../core/protocol/record'
import { onReport, type Report } from '../core/protocol/report'
import { DISPATCHER_TIMEOUT } from '../core/timing'
import { MemoryStore } from '../ports/memory/store'
import { altered, type Scene, type Variant } from './broken/variant'
import { ofMessage, ofStream } from './describe'
import { Bodies } from './invariants/bodies'
import { Ledger } from './invariants/ledger'
import { Writes } from './invariants/writes'
import { Lambda } from './lambda'
import { Logs } from './logs'
import { asBefore, readBefore } from './older'
import { type Actor, Process, type Services } from './process'
import { type Letter, Queue } from './queue'
import type { Stage } from './stage'
import { Target } from './target'
import { ticksOf } from './ticks'

const CHECKER_TIMEOUT = 30_000
/** Lambda brings an asynchronous event again after one minute and after two more (Developer Guide, invocation-async-error-handling). */
const CHECKER_RETRIES = [60_000, 120_000]

export type Acting = Omit<Actor, 'skew' | 'done'> & Partial<Pick<Actor, 'done'>> & { scene: Scene }

export class World implements Services {
  readonly store = new MemoryStore()
  readonly queue: Queue
  readonly lambda: Lambda
  readonly ledger: Ledger
  readonly bodies: Bodies
  /** The task as it is deployed now. */
  definition: Definition
  /** Its handlers are of the version before: an upgrade is on its way. */
  isOlder = false
  readonly logs: Logs
  private readonly writes: Writes

  constructor(
    readonly stage: Stage,
    private readonly variant: Variant | undefined,
  ) {
    this.definition = stage.plan.definition
    this.ledger = new Ledger(this.store, this.definition)
    this.bodies = new Bodies(stage, this.ledger)
    this.writes = new Writes(stage, this.ledger, this.bodies)
    this.queue = new Queue(stage, (letter, done, failed) => this.dispatch(letter, done, failed))
    this.logs = new Logs(stage, (batch) => this.check(batch))
    const target = new Target({
      stage,
      logs: this.logs,
      bodies: this.bodies,
      gaps: variant?.gaps ?? {},
      functionTimeout: () => this.definition.functionTimeout,
    })
    this.lambda = new Lambda(stage, target, (report) => this.hear(report))
  }

  /** A handler starts. */
  run({ scene, name, by, timeout, step, done = nothing, died }: Acting): void {
    const { stage, variant } = this
    const own = this.isOlder && scene.kind !== 'person' ? (ctx: Context) => asBefore(step(ctx)) : step
    const start = variant ? (ctx: Context) => broken(variant, scene, own, ctx) : own
    new Process(stage, this, { name, by, timeout, skew: stage.skew('handlers'), step: start, done, died })
  }

  perform(effect: SingleEffect): unknown {
    switch (effect.do) {
      case 'alert':
        this.ledger.told.add(effect.run)
        return undefined
      case 'write': {
        const { table, key } = effect.write
        const before = this.store.get(table, key)
        const result = this.store.apply(effect.write)
        if (result.done && table === 'locks') this.writes.onLock(before, result.item)
        else if (result.done) this.writes.onRecord(before as RunRecord | undefined, result.item as RunRecord)
        return result
      }
      case 'read':
        return this.store.get(effect.table, effect.key)
      case 'send':
        this.queue.send(effect.messages)
        return undefined
      case 'invoke':
        return this.lambda.invoke(effect.invocation)
      case 'createStream':
        return this.logs.create(effect.stream)
      case 'putLine':
        this.logs.put(effect.stream, effect.line)
        return undefined
      case 'readStream':
        return this.logs.read(effect.stream, effect.from, effect.limit)
      default:
        return effect satisfies never
    }
  }

  /** Ticks that nothing but the queue knew of cannot be put back. */
  loseQueue(): void {
    this.queue.lose()
    for (const message of this.queue.lost) {
      // A backfill that is lost is asked for again; no record says how far it came.
      if (message.kind === 'backfill') this.ledger.backfillLost = true
      for (const run of runsOf(message)) this.ledger.excused.add(run)
    }
  }

  private dispatch(letter: Letter, done: () => void, failed: () => void): void {
    const { id } = letter
    const message = this.isOlder ? readBefore(letter.message) : letter.message
    this.stage.trace?.add(id, `${ofMessage(message)} is received`)
    this.hearOf(message)
    this.run({
      scene: { kind: 'message', message, run: runsOf(message)[0] },
      name: id,
      by: id,
      timeout: DISPATCHER_TIMEOUT,
      step: (ctx) => onMessage(ctx, message),
      done,
      died: failed,
    })
  }

  /** What a message says of its task, and as of when. */
  private hearOf(message: Message): void {
    // A key may be that of a tick yet to come; who asked for it has asked by now.
    const asked = (key: string) => Math.min(this.stage.now, Date.parse(key))
    if (message.kind === 'tick')
      for (const at of ticksOf(message)) this.ledger.say(new Date(at).toISOString(), at, message.definition)
    if (message.kind === 'run')
      this.ledger.say(message.run, asked(message.backfill ?? message.run), message.definition)
    if (message.kind === 'backfill') this.ledger.say(undefined, asked(message.backfill), message.definition)
  }

  private check(batch: LogBatch): void {
    const seen = this.variant?.batch?.(batch) ?? batch
    const what = `${seen.lines.length} lines of ${ofStream(seen.logStream)}`
    const { run } = parseStreamName(seen.logStream) ?? {}
    this.checker({ kind: 'batch', run }, what, (ctx) => onLogBatch(ctx, seen))
  }

  private hear(report: Report): void {
    const seen = this.variant?.report?.(report) ?? report
    const { requestId, condition } = seen.requestContext
    const { run } = (seen.requestPayload as TargetPayload).slipstream
    this.checker({ kind: 'report', run }, `report of ${requestId}: ${condition}`, (ctx) =>
      onReport(ctx, seen),
    )
  }

  private checker(scene: Scene, what: string, step: (ctx: Context) => Step<void>): void {
    const { stage } = this
    const by = stage.id('c')
    let tries = 0
    const start = () => {
      stage.trace?.add(by, `the checker gets ${what}`)
      this.run({
        scene,
        name: by,
        by,
        timeout: CHECKER_TIMEOUT,
        step,
        died: () => {
          const wait = CHECKER_RETRIES[tries++]
          if (wait === undefined) {
            stage.trace?.add(by, 'is given up by Lambda')
            this.ledger.unheard = true
          } else stage.agenda.in(wait, start)
        },
      })
    }
    start()
  }
}

const nothing = () => {}

function broken(
  variant: Variant,
  scene: Scene,
  step: (ctx: Context) => Step<unknown>,
  ctx: Context,
): Step<unknown> {
  const own = variant.context?.(ctx, scene) ?? ctx
  const handle = variant.handle?.(scene, own)
  return handle ? altered(step(own), handle) : step(own)
}

/** The runs that a message speaks of. */
function runsOf(message: Message): string[] {
  switch (message.kind) {
    case 'tick':
      return ticksOf(message).map((at) => new Date(at).toISOString())
    case 'backfill':
    case 'look':
      return []
    default:
      return [message.run]
  }
}
