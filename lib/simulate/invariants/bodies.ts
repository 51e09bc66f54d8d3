/** What lives, and what therefore must not: the promises about bodies. */
import type { Definition } from '../../core/definition'
import type { TargetPayload } from '../../core/payload'
import type { BodyEnd } from '../ending'
import type { Stage } from '../stage'
import { Violation } from '../violation'
import type { Ledger } from './ledger'

export type Body = {
  readonly run: string
  readonly attempt: number
  readonly logStream: string
  readonly startedAt: number
  end: BodyEnd | undefined
  /** It wrote an ERROR after its end, and whether the filter passed that on. */
  late: 'passed' | 'lost' | undefined
}

export class Bodies {
  readonly all: Body[] = []
  private readonly alive = new Set<Body>()

  constructor(
    private readonly stage: Stage,
    private readonly ledger: Ledger,
  ) {}

  start({ payload }: { payload: TargetPayload }, definition: Definition): Body {
    const { run, attempt } = payload.slipstream
    const logStream = payload.stream_name
    this.stage.trace?.add('body', `of ${run} attempt ${attempt} starts`)
    const mine = this.all.filter((other) => other.run === run)
    if (mine.some((other) => other.attempt === attempt))
      throw new Violation('body-starts-once', `the body of ${run} attempt ${attempt} starts a second time`)
    for (const other of mine) {
      if (other.end === undefined)
        throw new Violation('no-double-run', `${run} starts attempt ${attempt} while ${other.attempt} lives`)
      if (other.end === 'ok' && !other.late && definition.target !== 'plain' && !this.ledger.logsLost)
        throw new Violation(
          'no-double-run',
          `${run} starts attempt ${attempt} though ${other.attempt} succeeded`,
        )
    }
    const record = this.ledger.record(run)
    if (record === undefined || record.status !== 'RUNNING' || record.attempt !== attempt)
      throw new Violation(
        'terminal-means-dead',
        `the body of ${run} attempt ${attempt} starts while its record is ${record?.status} ${record?.attempt ?? ''}`,
      )
    const body: Body = {
      run,
      attempt,
      logStream,
      startedAt: this.stage.now,
      end: undefined,
      late: undefined,
    }
    this.all.push(body)
    this.alive.add(body)
    if (this.alive.size > this.ledger.concurrency)
      throw new Violation(
        'at-most-concurrency',
        `${this.alive.size} bodies live (${[...this.alive].map((one) => one.run).join(', ')}), ${this.ledger.concurrency} may`,
      )
    return body
  }

  end(body: Body, end: BodyEnd): void {
    this.stage.trace?.add('body', `of ${body.run} attempt ${body.attempt} ends: ${end}`)
    body.end = end
    this.alive.delete(body)
  }

  isAlive(body: Body): boolean {
    return this.alive.has(body)
  }

  /** The record says that this attempt is over. */
  mustBeDead(run: string, attempt: number | undefined, status: string): void {
    for (const body of this.alive)
      if (body.run === run && (attempt === undefined || body.attempt <= attempt))
        throw new Violation(
          'terminal-means-dead',
          `${run} is ${status} while the body of its attempt ${body.attempt} lives`,
        )
  }

  /** The body of an attempt, if it ever started. */
  of(run: string, attempt: number): Body | undefined {
    return this.all.find((body) => body.run === run && body.attempt === attempt)
  }
}
