import type { Definition } from '../../lib/core/definition'
import { formatRecord } from '../../lib/core/log-record'
import type { Message } from '../../lib/core/message'
import { namesOf } from '../../lib/core/names'
import { onMessage } from '../../lib/core/protocol/dispatch'
import type { Context, Effect, InvokeResult, SingleEffect, Step } from '../../lib/core/protocol/effect'
import { type Lock, lockOf } from '../../lib/core/protocol/lock'
import { onLogBatch } from '../../lib/core/protocol/log-batch'
import type { RunRecord } from '../../lib/core/protocol/record'
import { onReport, type Report } from '../../lib/core/protocol/report'
import { MemoryStore } from '../../lib/ports/memory/store'
import { MemoryLogs, MemoryQueue, MemoryTargets } from './memory'

export const PREFIX = 'service-test'
export const TASK = 'load'
const START = Date.parse('2026-01-05T10:00:00.000Z')

export function definitionOf(changes: Partial<Definition> = {}): Definition {
  return {
    function: 'service-test-load',
    qualifier: '$LATEST',
    target: 'wrapped',
    concurrency: 1,
    overlap: 'queue',
    startWithin: null,
    timeout: 60,
    functionTimeout: 60,
    retry: { attempts: 1, delay: 30, backoff: 2, maxDelay: 3600 },
    failOn: ['ERROR'],
    except: [],
    logGroup: namesOf(PREFIX).logGroup,
    retention: 90,
    ...changes,
  }
}

/** Dies before the n-th effect of a handler, as a process does. */
export class Crash extends Error {}

/**
 * The protocol over a store in memory. Nothing moves by itself: messages lie in `sent` and invocations in `invoked`
 * until a test delivers them.
 */
export class World {
  now = START
  readonly store = new MemoryStore()
  private readonly queue = new MemoryQueue(() => this.now)
  private readonly targets = new MemoryTargets()
  private readonly logs = new MemoryLogs()
  readonly sent = this.queue.sent
  readonly invoked = this.targets.invoked
  readonly streams = this.logs.group(namesOf(PREFIX).logGroup)
  /** Runs of whose end the alerter was told. */
  readonly told: string[] = []
  private ids = 0

  set invokeResult(result: InvokeResult) {
    this.targets.result = result
  }

  context(by = `message-${++this.ids}`): Context {
    return { now: () => this.now, random: () => `r${++this.ids}`, by, prefix: PREFIX }
  }

  /** Runs one step of the protocol; with `crashBefore` it dies before that effect, counted from 1. */
  run(step: Step<unknown>, crashBefore = Number.POSITIVE_INFINITY): void {
    let count = 0
    const one = (effect: SingleEffect) => {
      if (++count === crashBefore) throw new Crash()
      if (count > 1000) throw new Error(`the step does not end; its last effect: ${JSON.stringify(effect)}`)
      return this.perform(effect)
    }
    for (let next = step.next(); !next.done; )
      next = step.next(next.value.do === 'together' ? next.value.effects.map(one) : one(next.value))
  }

  deliver(message: Message, options: { by?: string; crashBefore?: number } = {}): void {
    this.run(onMessage(this.context(options.by), message), options.crashBefore)
  }

  /** Delivers what was sent and is due, in order, as long as there is something of these kinds. */
  deliverAll(...kinds: Message['kind'][]): void {
    for (;;) {
      const index = this.sent.findIndex(({ message, due }) => due <= this.now && kinds.includes(message.kind))
      if (index < 0) return
      const [next] = this.sent.splice(index, 1)
      if (next) this.deliver(next.message)
    }
  }

  tick(offsetSeconds: number, definition = definitionOf(), options = {}): string {
    const run = new Date(START + offsetSeconds * 1000).toISOString()
    this.deliver({ kind: 'tick', task: TASK, scheduledAt: run, definition, payload: { max: 6 } }, options)
    return run
  }

  record(run: string): RunRecord {
    const record = this.store.get('runs', { task: TASK, run })
    if (!record) throw new Error(`no record of ${run}`)
    return record as RunRecord
  }

  get lock(): Lock {
    return lockOf(this.store.get('locks', { task: TASK }))
  }

  /** The wrapper's part: takes the stream and writes its start record. */
  startBody(
    run: string,
    requestId = `request-${run}`,
    times: { at: string; endsBy?: string } = { at: run },
  ): string {
    const stream = this.record(run).logStream as string
    if (this.streams.has(stream)) throw new Error('the stream is taken')
    this.streams.set(stream, [formatRecord({ slipstream: 'start', requestId, ...times })])
    return stream
  }

  /** Writes lines to the run's stream and delivers them to the checker. */
  log(run: string, ...lines: string[]): void {
    const { logGroup, logStream = '' } = this.record(run)
    this.streams.set(logStream, [...(this.streams.get(logStream) ?? []), ...lines])
    this.run(onLogBatch(this.context(), { logGroup, logStream, lines }))
  }

  end(run: string, changes: Partial<Parameters<typeof endRecord>[0]> = {}): void {
    this.log(run, endRecord(changes))
  }

  report(report: Report, crashBefore?: number): void {
    this.run(onReport(this.context(), report), crashBefore)
  }

  perform(effect: Effect): unknown {
    switch (effect.do) {
      case 'together':
        return effect.effects.map((one) => this.perform(one))
      case 'write':
        return this.store.apply(effect.write)
      case 'read':
        return this.store.get(effect.table, effect.key)
      case 'send':
        return this.queue.take(effect.messages)
      case 'invoke':
        return this.targets.take(effect.invocation)
      case 'createStream':
        return this.logs.create(effect.stream)
      case 'putLine':
        return this.logs.put(effect.stream, effect.line)
      case 'readStream':
        return this.logs.read(effect.stream, effect.from, effect.limit)
      case 'alert':
        this.told.push(effect.run)
        return undefined
    }
  }
}

export function endRecord(changes: {
  outcome?: 'returned' | 'threw' | 'crashed' | 'timed-out'
  errors?: number
  verdict?: { rule: string; line: number; text: string }
  error?: string
}): string {
  return formatRecord({
    slipstream: 'end',
    requestId: 'r',
    at: '',
    outcome: 'returned',
    errors: 0,
    ...changes,
  })
}

/** Lambda's report that the last invocation of a run failed: by an exit, unless said otherwise. */
export function reportOf(
  world: World,
  run: string,
  changes: Partial<Report> = {},
  requestId = `request-${run}`,
): Report {
  return {
    requestContext: { requestId, condition: 'RetriesExhausted' },
    requestPayload: world.invoked.find(({ payload }) => payload.slipstream.run === run)?.payload,
    responseContext: { functionError: 'Unhandled' },
    responsePayload: {
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: x Error: Runtime exited with error: exit status 3',
    },
    ...changes,
  }
}
