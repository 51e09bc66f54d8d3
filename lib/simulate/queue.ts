/** SQS and its event source mapping: at least once, in any order, sooner or later. */
import { type Message, readMessage } from '../core/message'
import type { Outgoing } from '../core/protocol/effect'
import { MAX_DELAY, QUEUE_VISIBILITY } from '../core/timing'
import { ofMessage } from './describe'
import type { Stage } from './stage'

const MAX_RECEIVES = 10
const BRINGS_RUNS: readonly Message['kind'][] = ['tick', 'run', 'backfill']

export type Letter = { id: string; message: Message; receives: number; generation: number }
/** A receiver says which it was: that the message can be deleted, or that it comes again. */
export type Receive = (letter: Letter, done: () => void, failed: () => void) => void

export class Queue {
  readonly dead: Letter[] = []
  /** A second delivery died, and the first had been handled: nothing brings it again. */
  copyDied = false
  /** Whatever was lost with the queue. */
  readonly lost: Message[] = []
  /** Messages of an earlier generation are gone. */
  private generation = 0
  private readonly waiting = new Set<Letter>()

  constructor(
    private readonly stage: Stage,
    private readonly receive: Receive,
  ) {}

  send(messages: readonly Outgoing[]): void {
    for (const { message, delaySeconds } of messages) {
      if (delaySeconds < 0 || delaySeconds * 1000 > MAX_DELAY || !Number.isInteger(delaySeconds))
        throw new Error(`SQS takes no DelaySeconds of ${delaySeconds}`)
      if (this.stage.plan.strict) readMessage(JSON.stringify(message))
      const letter = { id: this.stage.id('m'), message, receives: 0, generation: this.generation }
      this.waiting.add(letter)
      this.deliver(letter, delaySeconds * 1000)
    }
  }

  /** Everything that is on its way is gone. */
  lose(): void {
    this.generation++
    for (const { message } of this.waiting) this.lost.push(message)
    this.waiting.clear()
    this.stage.trace?.add('queue', 'is lost with all that is in it')
  }

  /** A dead letter that is sent again is a new message (SQS Developer Guide, dead-letter queue redrive). */
  redrive(): void {
    for (const { message } of this.dead.splice(0)) {
      this.stage.trace?.add('queue', `redrives ${ofMessage(message)}`)
      this.send([{ message, delaySeconds: 0 }])
    }
  }

  /** Throws away the dead letters that are steps of a run, and keeps those that bring one. */
  discardSteps(): void {
    const kept = this.dead.splice(0).filter(({ message }) => BRINGS_RUNS.includes(message.kind))
    this.dead.push(...kept)
  }

  private deliver(letter: Letter, delay: number): void {
    const { stage } = this
    const late = stage.faults.strikes('delayed-message') ? stage.prng.below(600_000) : 0
    stage.around(stage.now + delay + late, () => this.arrive(letter))
  }

  private arrive(letter: Letter): void {
    const { stage } = this
    if (letter.generation !== this.generation) return
    letter.receives++
    if (letter.receives > MAX_RECEIVES) {
      this.bury(letter)
      return
    }
    if (stage.faults.strikes('duplicate-message')) this.copy(letter)
    const receivedAt = stage.now
    const again = () => {
      if (letter.generation !== this.generation) return
      if (stage.faults.strikes('dead-letter')) this.bury(letter)
      else this.deliver(letter, Math.max(0, receivedAt + QUEUE_VISIBILITY - stage.now))
    }
    if (stage.faults.strikes('dropped-message')) {
      stage.trace?.add(letter.id, `${ofMessage(letter.message)} is received and nobody handles it`)
      again()
      return
    }
    this.receive(letter, () => this.waiting.delete(letter), again)
  }

  /** A second delivery of the same message, within its visibility time-out or long after it was deleted. */
  private copy(letter: Letter): void {
    const { stage } = this
    stage.trace?.add(letter.id, `${ofMessage(letter.message)} will come twice`)
    stage.later(stage.prng.pick([1, 1000, 30_000, 300_000]), () => {
      if (letter.generation === this.generation)
        this.receive(
          letter,
          () => {},
          () => {
            this.copyDied = true
          },
        )
    })
  }

  private bury(letter: Letter): void {
    this.stage.trace?.add(letter.id, `${ofMessage(letter.message)} is dead-lettered`)
    this.waiting.delete(letter)
    this.dead.push(letter)
  }
}
