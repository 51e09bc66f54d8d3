/** The functions that tasks run, as lib/wrapper and the two other kinds of target behave, and how their bodies end. */
import type { Stream } from '../core/protocol/effect'
import { SECOND } from '../core/timing'
import { type Ending, ending, FORGED, ofEnding } from './ending'
import type { Bodies, Body } from './invariants/bodies'
import type { Event } from './lambda'
import type { Logs } from './logs'
import type { Stage } from './stage'
import { wrapped } from './wrapped'

/** What Lambda sees of an invocation: it returned, or this. */
export type Outcome = { error?: { errorType: string; errorMessage: string } }

export type TargetWorld = {
  stage: Stage
  logs: Logs
  bodies: Bodies
  gaps: Gaps
  /** Of the function as it is deployed now, in seconds. */
  functionTimeout: () => number
}
/** How the world is made worse for a broken variant. */
export type Gaps = { noFence?: boolean; noEscape?: boolean }

export class Target {
  constructor(private readonly world: TargetWorld) {}

  run(event: Event, over: (outcome: Outcome) => void): void {
    switch (event.definition.target) {
      case 'wrapped':
        wrapped(this.world, event, over)
        return
      case 'operator':
        this.operator(event, over)
        return
      case 'plain':
        this.plain(event, over)
    }
  }

  private start(event: Event): { body: Body; how: Ending } {
    const { stage, bodies } = this.world
    const { functionTimeout } = event.definition
    return {
      body: bodies.start(event, event.definition),
      how: ending(stage, functionTimeout * SECOND, undefined),
    }
  }

  /** It makes its stream anew, writes all it has to say at its end, and returns normally even where it failed. */
  private operator(event: Event, over: (outcome: Outcome) => void): void {
    const { stage, logs, bodies } = this.world
    const stream: Stream = { logGroup: event.payload.group_name, logStream: event.payload.stream_name }
    const { body, how } = this.start(event)
    stage.agenda.in(how.after, () => {
      if (how.end === 'killed' || how.end === 'exited') {
        bodies.end(body, how.end)
        over({ error: ofEnding(how.end, event.requestId) })
        return
      }
      logs.recreate(stream)
      const forged = stage.faults.strikes('forged-end') ? [FORGED] : []
      const failed = how.end !== 'ok'
      const last = failed ? 'ERROR    2026-01-05 load boom' : 'INFO    2026-01-05 load End Request'
      logs.put(stream, 'INFO    2026-01-05 load Start Request', ...forged, last)
      bodies.end(body, failed ? 'errors' : 'ok')
      if (!failed && stage.faults.strikes('late-error-line'))
        stage.later(3000, () => {
          body.late = logs.put(stream, 'ERROR    2026-01-05 load too late') ? 'passed' : 'lost'
        })
      over({})
    })
  }

  /** It writes no stream; Lambda tells of its end. */
  private plain(event: Event, over: (outcome: Outcome) => void): void {
    const { stage, bodies } = this.world
    const { body, how } = this.start(event)
    stage.agenda.in(how.after, () => {
      bodies.end(body, how.end === 'errors' ? 'ok' : how.end)
      over(how.end === 'ok' || how.end === 'errors' ? {} : { error: ofEnding(how.end, event.requestId) })
    })
  }
}
