/**
 * A handler as it runs: one effect after the other, each a moment later, and those that it starts together in any order. It
 * may die before any of them.
 */
import { BadMessage } from '../core/message'
import type { Context, Effect, SingleEffect, Step } from '../core/protocol/effect'
import { TryAgain } from '../core/protocol/start'
import { describe } from './describe'
import { PREFIX } from './plan'
import type { Stage } from './stage'
import { Violation } from './violation'

/** What handlers reach; at once, and without faults of its own but those of the service behind it. */
export interface Services {
  perform(effect: SingleEffect): unknown
}

export type Actor = {
  /** As the trace calls it. */
  name: string
  /** What survives a redelivery. */
  by: string
  /** Its function's time-out, ms. */
  timeout: number
  /** How far its host's clock is ahead, ms. */
  skew: number
  step: (ctx: Context) => Step<unknown>
  /** It went through. */
  done: () => void
  /** It died, was killed, or threw. */
  died: () => void
}

/** The world had no capacity: nothing was done. */
class Throttled extends Error {}

/** What became of an effect. */
type Outcome = { answer: unknown } | { error: Error }

const MAX_EFFECTS = 500

export class Process {
  private readonly step: Step<unknown>
  private readonly killedAt: number
  private effects = 0
  private dead = false

  constructor(
    private readonly stage: Stage,
    private readonly services: Services,
    private readonly actor: Actor,
  ) {
    this.killedAt = stage.now + actor.timeout
    this.step = actor.step({
      now: () => stage.now + actor.skew,
      random: () => stage.id('r'),
      by: actor.by,
      prefix: PREFIX,
    })
    this.goOn(() => this.step.next())
  }

  private goOn(advance: () => IteratorResult<Effect, unknown>): void {
    const { stage, actor } = this
    let next: IteratorResult<Effect, unknown>
    try {
      next = advance()
    } catch (error) {
      if (!(error instanceof TryAgain || error instanceof Throttled || error instanceof BadMessage)) {
        const what = error instanceof Error ? error.stack : String(error)
        throw new Violation('handlers-do-not-fail', `${actor.name} threw ${what}`)
      }
      this.die(`gives up: ${error.message}`)
      return
    }
    if (next.done) {
      if (stage.faults.strikes('crash')) this.die('dies at its end')
      else actor.done()
      return
    }
    this.begin(next.value, (outcome) =>
      this.goOn(() => ('error' in outcome ? this.step.throw(outcome.error) : this.step.next(outcome.answer))),
    )
  }

  private begin(effect: Effect, over: (outcome: Outcome) => void): void {
    if (effect.do === 'together') {
      this.beginAll(effect.effects, over)
      return
    }
    const { stage, actor } = this
    if (++this.effects > MAX_EFFECTS)
      throw new Violation('comes-to-rest', `${actor.name} does not end; it goes on with ${describe(effect)}`)
    const slow = stage.faults.strikes('slow-handler') ? stage.prng.below(12_000) : 0
    stage.agenda.in(stage.latency() + slow, () => this.perform(effect, over))
  }

  private beginAll(effects: readonly SingleEffect[], over: (outcome: Outcome) => void): void {
    const outcomes = new Map<SingleEffect, Outcome>()
    for (const one of effects)
      this.begin(one, (outcome) => {
        outcomes.set(one, outcome)
        if (outcomes.size < effects.length) return
        const inOrder = effects.map((effect) => outcomes.get(effect) as Outcome)
        const failed = inOrder.find((other) => 'error' in other)
        over(failed ?? { answer: inOrder.map((other) => ('answer' in other ? other.answer : undefined)) })
      })
  }

  private perform(effect: SingleEffect, over: (outcome: Outcome) => void): void {
    if (this.dead) return
    const { stage, services } = this
    const { faults } = stage
    const death = this.death(effect)
    if (death !== undefined) {
      this.die(death)
      return
    }
    if ((effect.do === 'write' || effect.do === 'read') && faults.strikes('throttled-store')) {
      stage.trace?.add(this.actor.name, `${describe(effect)} -> throttled`)
      over({ error: new Throttled('DynamoDB had no capacity') })
      return
    }
    if (effect.do === 'send' && effect.messages.length > 1 && faults.strikes('half-a-send')) {
      services.perform({ ...effect, messages: effect.messages.slice(0, 1) })
      this.die('dies after it sent the first of its messages')
      return
    }
    const answer = services.perform(effect)
    if (isRepeatable(effect) && faults.strikes('lost-answer')) {
      this.note(effect, answer, '; the answer is lost, the SDK asks again')
      stage.agenda.in(stage.latency(), () => {
        if (!this.dead) this.answer(effect, services.perform(effect), over)
      })
      return
    }
    this.answer(effect, answer, over)
  }

  private death(next: SingleEffect): string | undefined {
    const { faults, now } = this.stage
    if (now > this.killedAt) {
      this.stage.kills++
      return 'is killed at its time-out'
    }
    const dies =
      faults.strikes('crash') ||
      (next.do === 'send' &&
        next.messages.some(({ message }) => message.kind === 'next') &&
        faults.strikes('crash-before-next'))
    return dies ? `dies before: ${describe(next)}` : undefined
  }

  private answer(effect: SingleEffect, answer: unknown, over: (outcome: Outcome) => void): void {
    this.note(effect, answer)
    over({ answer })
  }

  private note(effect: SingleEffect, answer: unknown, more = ''): void {
    this.stage.trace?.add(this.actor.name, describe(effect, answer) + more)
  }

  private die(how: string): void {
    this.dead = true
    this.stage.trace?.add(this.actor.name, how)
    this.actor.died()
  }
}

/** What the SDK asks again when no answer came; of invocations only those of a wrapped target (lib/aws/lambda-targets.ts). */
function isRepeatable(effect: SingleEffect): boolean {
  if (effect.do === 'invoke') return effect.invocation.definition.target === 'wrapped'
  return effect.do === 'write' || effect.do === 'send' || effect.do === 'createStream'
}
