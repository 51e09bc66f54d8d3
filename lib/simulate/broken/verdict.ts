/** Wrong readings of how an attempt ended, and wrong limits of its life. */
import { formatRecord, type LogRecord, NOT_RUN, parseRecord } from '../../core/log-record'
import type { Outgoing, SingleEffect, WriteResult } from '../../core/protocol/effect'
import type { LogBatch } from '../../core/protocol/log-batch'
import { ALWAYS, about, is, rewriting, unfenced, unsent, type Variant, without } from './variant'

/** The checker reads the records of a log as `misread` makes of them. */
function readingRecords(misread: (record: LogRecord) => LogRecord): (batch: LogBatch) => LogBatch {
  return (batch) => ({
    ...batch,
    lines: batch.lines.map((line) => {
      const record = parseRecord(line)
      return record ? formatRecord(misread(record)) : line
    }),
  })
}

/** Of an attempt that starts; whoever finds an old slot names none. */
const isOwnDeadline = ({ message }: Outgoing) => message.kind === 'deadline' && message.attempt !== undefined

export const verdict: Record<string, Variant> = {
  'told-by-the-checker-alone': {
    about: 'what the dispatcher finds to have failed is told to nobody',
    handle: (scene) =>
      function* (effect) {
        return scene.kind === 'message' && effect.do === 'alert' ? undefined : yield effect
      },
  },
  'error-ends': {
    about: 'an ERROR line ends the attempt although its body may live',
    batch: readingRecords((record) =>
      record.slipstream === 'error'
        ? {
            slipstream: 'end',
            requestId: '',
            at: '',
            outcome: 'returned',
            errors: 1,
            verdict: record.verdict,
          }
        : record,
    ),
  },
  'errors-uncounted': {
    about: 'an end record counts as success whatever lines it counted',
    batch: readingRecords((record) => {
      if (record.slipstream !== 'end') return record
      const { verdict: _, ...rest } = record
      return rest
    }),
  },
  'dying-taken-for-dead': {
    about:
      'the end record of an error that nobody caught ends the attempt, though its process lives a moment longer',
    batch: readingRecords((record) =>
      record.slipstream === 'end' && record.outcome === 'crashed' ? { ...record, outcome: 'threw' } : record,
    ),
  },
  'any-attempt': {
    about: 'what is known of one attempt ends any other',
    handle: rewriting((write) =>
      is.end(write) ? { ...write, when: { op: 'eq', path: ['status'], value: 'RUNNING' } } : undefined,
    ),
  },
  'ended-again': {
    about: 'a verdict is written over a record that has ended',
    handle: rewriting((write) => (is.end(write) ? { ...write, when: ALWAYS } : undefined)),
  },
  'report-trusted': {
    about: "Lambda's report is believed without asking the stream whose it is",
    handle: unfenced('report'),
  },
  'copy-taken-for-owner': {
    about: 'a report of an invocation that ended before the owner of its stream could have counts as his',
    report: ({ timestamp: _, ...report }) => report,
  },
  'not-run-trusted': {
    about: 'a report of an invocation that could not ask whose the stream is counts for the one that runs',
    report: (report) => {
      const { errorType } = (report.responsePayload ?? {}) as { errorType?: string }
      return errorType === NOT_RUN ? { ...report, responsePayload: { errorType: 'Error' } } : report
    },
  },
  'aged-report-trusted': {
    about: 'a report that an event was too old counts for the invocation that runs',
    report: (report) =>
      report.requestContext.condition === 'EventAgeExceeded'
        ? { ...report, responseContext: { functionError: 'Unhandled' } }
        : report,
  },
  'deadline-blind': {
    about: 'the deadline does not read the stream',
    handle: (scene) =>
      function* (effect) {
        if (scene.kind === 'message' && scene.message.kind === 'deadline' && effect.do === 'readStream')
          return []
        return yield effect
      },
  },
  'lease-too-short': {
    about: "an attempt's lease counts its time-out but not the time within which it may start",
    handle: rewriting((write) =>
      is.status(write) === 'RUNNING'
        ? {
            ...write,
            set: (write.set ?? []).map(([path, value]) => [
              path,
              path[0] === 'until' ? (value as number) - 180_000 : value,
            ]),
          }
        : undefined,
    ),
  },
  'no-deadline': {
    about: 'no deadline is armed before the invoke',
    handle: unsent('deadline'),
  },
  'deadline-not-sent-again': {
    about: 'a message that comes again takes the deadline for sent that it sent while it wrote RUNNING',
    handle: () => {
      let refused = false
      return function* (effect) {
        if (effect.do === 'send' && refused && effect.messages.every(isOwnDeadline)) return undefined
        const answer = yield effect
        if (effect.do === 'write' && is.status(effect.write) === 'RUNNING')
          refused = !(answer as WriteResult).done
        return answer
      }
    },
  },
  'invoke-beside-record': {
    about: 'a target is invoked while the record that allows it is still being written',
    handle: () => {
      let held: SingleEffect | undefined
      return function* (effect) {
        if (effect.do === 'write' && is.status(effect.write) === 'RUNNING') {
          held = effect
          return { done: true, item: {} }
        }
        const answer = yield effect
        if (effect.do === 'invoke' && held) yield held
        return answer
      }
    },
  },
  'cancel-ends': {
    about: 'a cancelled run is CANCELLED at once although its body lives',
    handle: (scene) =>
      function* (effect) {
        if (scene.kind === 'person' && effect.do === 'createStream') {
          yield effect
          return 'created'
        }
        return yield effect
      },
  },
  'cancel-forgotten': {
    about: 'a verdict does not look whether the run was to be cancelled',
    handle: rewriting((write) =>
      is.end(write) || is.status(write) === 'RETRYING'
        ? { ...write, when: without(write.when, about('cancel')) }
        : undefined,
    ),
  },
  'forged-end-believed': {
    about: 'a line of user code that looks like an end record is taken for one',
    gaps: { noEscape: true },
  },
  'retry-delay-forgotten': {
    about: 'a failed attempt is tried again at once, whatever delay its task asks for',
    handle: (_, ctx) =>
      function* (effect) {
        if (effect.do !== 'write' || is.status(effect.write) !== 'RETRYING') return yield effect
        const set = (effect.write.set ?? []).map(
          ([path, value]) => [path, path[0] === 'retryAt' ? ctx.now() : value] as const,
        )
        return yield { do: 'write', write: { ...effect.write, set } }
      },
  },
}
