/** Lambda's asynchronous invocation of a target: accepted, sooner or later run, and reported to the checker. */
import type { Invocation, InvokeResult } from '../core/protocol/effect'
import type { Report } from '../core/protocol/report'
import { MAX_EVENT_AGE } from '../core/timing'
import type { Stage } from './stage'
import type { Outcome, Target } from './target'

/** One accepted invocation. */
export type Event = Invocation & {
  requestId: string
  acceptedAt: number
  tries: number
  /** Lambda runs it twice. */
  doubled: boolean
}

/** A foreign function keeps Lambda's own six hours (Developer Guide, invocation-async-error-handling); ten minutes will do here. */
const FOREIGN_AGE = 600_000
const FOREIGN_RETRIES = [60_000, 120_000]

export class Lambda {
  /** The function was deleted. */
  gone = false

  constructor(
    private readonly stage: Stage,
    private readonly target: Target,
    private readonly report: (report: Report) => void,
  ) {}

  invoke(invocation: Invocation): InvokeResult {
    const { stage } = this
    const { faults, prng } = stage
    if (this.gone || faults.strikes('refused-invoke'))
      return { outcome: 'refused', error: 'ResourceNotFoundException: Function not found' }
    if (faults.strikes('throttled-invoke')) return { outcome: 'throttled' }
    if (faults.strikes('unanswered-invoke')) {
      if (prng.chance(0.5)) this.accept(invocation)
      return { outcome: 'unknown' }
    }
    this.accept(invocation)
    // What has no wrapper has no fence: "never more than N" is not promised for it where Lambda runs an event twice.
    if (invocation.definition.target === 'wrapped' && faults.strikes('doubled-invoke'))
      this.accept(invocation)
    return { outcome: 'accepted' }
  }

  private accept(invocation: Invocation): void {
    const { stage } = this
    const doubled = invocation.definition.target === 'wrapped' && stage.faults.strikes('doubled-event')
    const event = { ...invocation, requestId: stage.id('q'), acceptedAt: stage.now, tries: 0, doubled }
    this.schedule(event)
    if (doubled) {
      stage.trace?.add(event.requestId, 'will be run twice by Lambda')
      this.schedule(event)
    }
  }

  private schedule(event: Event): void {
    const { stage } = this
    const maxAge = event.definition.foreign ? FOREIGN_AGE : MAX_EVENT_AGE
    if (stage.faults.strikes('aged-event')) {
      stage.later(maxAge, () => {
        stage.trace?.add(event.requestId, 'is too old for Lambda and never runs')
        this.tell(event, { condition: 'EventAgeExceeded' })
      })
      return
    }
    const late = stage.faults.strikes('late-event')
    const latest = event.acceptedAt + maxAge
    const at = stage.now + stage.prng.below(late ? maxAge : 1500)
    stage.agenda.at(Math.min(at, latest), () => this.run(event))
  }

  private run(event: Event): void {
    event.tries++
    this.target.run(event, (outcome) => this.over(event, outcome))
  }

  private over(event: Event, outcome: Outcome): void {
    const { stage } = this
    const wait = event.definition.foreign ? FOREIGN_RETRIES[event.tries - 1] : undefined
    if (outcome.error !== undefined && wait !== undefined) {
      stage.trace?.add(event.requestId, 'failed, Lambda will try it again')
      stage.agenda.in(wait, () => this.run(event))
      return
    }
    if (outcome.error === undefined) {
      if (event.definition.target === 'plain') this.tell(event, { condition: 'Success' })
    } else this.tell(event, { condition: 'RetriesExhausted', error: outcome.error })
  }

  private tell(
    event: Event,
    what: { condition: string; error?: { errorType: string; errorMessage: string } },
  ): void {
    const { stage } = this
    // An owner's destinations are his own: a foreign function reports to nobody we know.
    if (event.definition.foreign || stage.faults.strikes('lost-report')) return
    const report: Report = {
      requestContext: { requestId: event.requestId, condition: what.condition },
      timestamp: new Date(stage.now).toISOString(),
      requestPayload: event.payload,
      ...(what.condition === 'EventAgeExceeded'
        ? {}
        : { responseContext: what.error ? { functionError: 'Unhandled' } : {} }),
      ...(what.error ? { responsePayload: what.error } : {}),
    }
    const send = () => this.report(report)
    stage.later(stage.faults.strikes('late-report') ? 120_000 : 1000, send)
    if (stage.faults.strikes('duplicate-report')) stage.later(120_000, send)
  }
}
