/** An invocation of a wrapped target, step by step as lib/wrapper/attempt.ts and fence.ts take them. */
import { type EndRecord, formatRecord, NOT_RUN, type Verdict } from '../core/log-record'
import { GRACE, SECOND } from '../core/timing'
import { type BodyEnd, ending, FORGED, limitOf, ofEnding } from './ending'
import type { Event } from './lambda'
import type { Outcome, TargetWorld } from './target'

/** The same as in lib/wrapper/fence.ts. */
const FENCE_SKEW = 2000

const VERDICT: Verdict = { rule: 'ERROR', line: 2, text: 'ERROR\tboom' }

export function wrapped(world: TargetWorld, event: Event, over: (outcome: Outcome) => void): void {
  const { stage, logs, bodies, gaps } = world
  const { faults, trace } = stage
  const { payload, requestId, definition } = event
  const { startBy, until, timeout } = payload.slipstream
  const stream = { logGroup: payload.group_name, logStream: payload.stream_name }
  const skew = stage.skew('targets')
  const enteredAt = stage.now
  const remaining = world.functionTimeout() * SECOND
  const clock = () => stage.now + skew

  const stepAside = (why: string) => {
    trace?.add(requestId, `steps aside: ${why}`)
    over({})
  }
  const crash = (when: string) => {
    trace?.add(requestId, `crashes ${when}`)
    over({ error: ofEnding('exited', requestId) })
  }
  const notRun = (why: string) => {
    trace?.add(requestId, `does not run: ${why}`)
    over({ error: { errorType: NOT_RUN, errorMessage: why } })
  }

  if (clock() > startBy) notRun('its start window is over')
  else if (clock() + remaining > until - GRACE) notRun('it could outlive its slot')
  else stage.agenda.in(stage.latency(), fence)

  function fence(): void {
    const firstTry = clock()
    if (logs.groupIsGone) notRun('its log group does not exist')
    else if (faults.strikes(event.doubled ? 'failed-copy' : 'target-crash')) fail()
    else if (logs.create(stream) === 'exists') {
      if (gaps.noFence) taken()
      else stepAside('its stream exists')
    } else if (faults.strikes('lost-fence-answer')) {
      trace?.add(requestId, 'takes its stream, but the answer is lost')
      // Asked again it finds its own stream, made no longer ago than its first try.
      stage.agenda.in(3000, () => {
        if ((logs.createdAt(stream) ?? 0) >= firstTry - FENCE_SKEW) taken()
        else stepAside('its stream exists')
      })
    } else taken()
  }

  /**
   * Before it could take its stream. Where Lambda runs one event twice, a report names the event and not which of the two
   * it is of. Of a copy that exits while the owner lives, nothing tells that it is not the owner (docs/promises.md); here
   * copies exit only before there is one. Before and after are told by clocks: where they do not agree, the report of an
   * owner that exits as soon as it began is taken for a copy's, and that of a copy's time-out then for the owner's.
   */
  function fail(): void {
    const clocksAgree = !faults.has('skew')
    const how = stage.prng.pick([
      'not-run',
      ...(!event.doubled || clocksAgree ? ['hangs'] : []),
      ...(!event.doubled || (clocksAgree && logs.createdAt(stream) === undefined) ? ['exits'] : []),
    ])
    if (how === 'exits') crash('before it took its stream')
    else if (how === 'not-run') notRun('its stream could not be created')
    else
      stage.agenda.at(enteredAt + remaining, () => {
        trace?.add(requestId, 'hangs before it took its stream, until its time-out')
        over({ error: ofEnding('killed', requestId) })
      })
  }

  function taken(): void {
    stage.agenda.in(stage.latency(), () => {
      if (faults.strikes('target-crash')) {
        crash('before it wrote its start record')
        return
      }
      const at = new Date(clock()).toISOString()
      const endsBy = new Date(enteredAt + remaining).toISOString()
      logs.put(stream, formatRecord({ slipstream: 'start', requestId, at, endsBy }))
      stage.agenda.in(stage.latency(), body)
    })
  }

  function body(): void {
    if (clock() > startBy) {
      end('threw')
      over({ error: ofEnding('threw', requestId) })
      return
    }
    const body = bodies.start(event, definition)
    const how = ending(stage, remaining, limitOf(timeout, remaining))
    const endsAt = Math.min(stage.now + how.after, enteredAt + remaining)
    const moment = () => stage.now + stage.prng.below(endsAt - stage.now)
    if (how.end === 'errors' || faults.strikes('forged-end')) {
      const { end: kind } = how
      stage.agenda.at(moment(), () => {
        if (!bodies.isAlive(body)) return
        if (kind === 'errors')
          logs.put(stream, 'ERROR\tboom', formatRecord({ slipstream: 'error', verdict: VERDICT }))
        else logs.put(stream, gaps.noEscape ? FORGED : `INFO\t${FORGED}`)
      })
    }
    stage.agenda.at(endsAt, () => {
      if (how.end === 'timed-out' || how.end === 'crashed') {
        // The body ends with its process, and that waits until the end record is written, or Lambda does not wait for it.
        end(how.end)
        const written = stage.now + stage.prng.below(2001)
        stage.agenda.at(Math.min(written, enteredAt + remaining), () => {
          bodies.end(body, how.end)
          over({ error: ofEnding('exited', requestId) })
        })
        return
      }
      bodies.end(body, how.end)
      if (how.end === 'killed' || how.end === 'exited') over({ error: ofEnding(how.end, requestId) })
      else
        stage.agenda.in(stage.latency(), () => {
          end(how.end)
          over(how.end === 'threw' ? { error: ofEnding('threw', requestId) } : {})
        })
    })
  }

  function end(how: BodyEnd): void {
    const record: EndRecord = {
      slipstream: 'end',
      requestId,
      at: new Date(clock()).toISOString(),
      outcome: how === 'timed-out' || how === 'threw' || how === 'crashed' ? how : 'returned',
      errors: how === 'errors' ? 1 : 0,
      ...(how === 'errors' ? { verdict: VERDICT } : {}),
      ...(how === 'threw' || how === 'crashed' ? { error: 'Error: boom' } : {}),
    }
    logs.put(stream, formatRecord(record))
  }
}
