import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, MINUTE, SECOND } from '../../../core/schedule/schedule'
import { ApiError, type ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import { invalidParameter } from '../errors'
import { type Matcher, parseFilterPattern } from '../filter-pattern'
import { type LogEvent, sizeOf } from '../store/event'
import type { LogGroup, SubscriptionFilter } from '../store/log-group'
import type { LogStream } from '../store/stream'
import { Batch, type DeliveredEvent } from './batch'
import { Subscriber } from './subscriber'

/** How long a batch waits for more events of its stream. AWS promises nothing about this. */
const COLLECT = 200
/** Bytes; an asynchronous Lambda payload may have 1 MB. */
const LARGEST_BATCH = 1_048_576
/** "Retried for up to 24 hours" (User Guide, "Real-time processing of log data with subscriptions"). */
const GIVE_UP = DAY
/** How long a filter is off, and its logs skipped for good, when its function cannot be reached (same page). */
const SKIP = 10 * MINUTE
const FIRST_PAUSE = SECOND
const LONGEST_PAUSE = 5 * MINUTE

type Open = { batch: Batch; bytes: number; timer: Timer }

/** Brings matching events to subscribed functions, at least once. */
export class Delivery {
  private readonly folder: string
  private readonly subscriber: Subscriber
  private readonly matchers = new Map<string, Matcher>()
  /** Batches that still take events, by group, filter and stream. */
  private readonly open = new Map<string, Open>()
  /** When (epoch ms) a filter that is off is tried again. */
  private readonly offUntil = new Map<string, number>()
  private readonly pauses = new Set<Timer>()
  private readonly sending = new Set<Promise<void>>()
  private closed = false

  constructor(private readonly service: ServiceContext) {
    this.folder = join(service.dataDir, 'deliveries')
    this.subscriber = new Subscriber(service)
    mkdirSync(this.folder, { recursive: true })
    for (const file of readdirSync(this.folder)) this.recover(join(this.folder, file))
  }

  /** Written when this returns, as the events themselves are. */
  take(group: LogGroup, stream: LogStream, events: LogEvent[]): void {
    for (const filter of group.filters) {
      if (this.isOff(group.name, filter.filterName)) continue
      const matches = this.matcher(filter.filterPattern)
      const found = events.filter(({ message }) => matches(message))
      if (found.length > 0) this.collect(group, stream, filter, found)
    }
  }

  /** @throws {ApiError} InvalidParameterException, when the function does not take an invocation */
  async probe(functionArn: string): Promise<void> {
    const outcome = await this.subscriber.probe(functionArn, this.service.clock.now())
    switch (outcome.kind) {
      case 'taken':
        return
      case 'retry':
        throw new ApiError('ServiceUnavailableException', outcome.error.message, 503)
      case 'unreachable':
      case 'refused':
        throw invalidParameter(
          'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute ' +
            'your function.',
        )
    }
  }

  /** A filter that was put again is on again. */
  resume(group: string, filter: string): void {
    this.offUntil.delete(keyOf(group, filter))
  }

  /** What is not delivered yet stays on disk. */
  async close(): Promise<void> {
    this.closed = true
    for (const { timer } of this.open.values()) timer.cancel()
    for (const pause of this.pauses) pause.cancel()
    this.subscriber.close()
    await Promise.all(this.sending)
  }

  private recover(path: string): void {
    const batch = Batch.load(path)
    if (batch) this.later(this.service.clock.now(), () => this.send(batch))
    else rmSync(path)
  }

  private matcher(pattern: string): Matcher {
    let matcher = this.matchers.get(pattern)
    if (!matcher) {
      matcher = parseFilterPattern(pattern)
      this.matchers.set(pattern, matcher)
    }
    return matcher
  }

  private collect(group: LogGroup, stream: LogStream, filter: SubscriptionFilter, events: LogEvent[]): void {
    const key = keyOf(group.name, filter.filterName, stream.number)
    let open = this.open.get(key) ?? this.start(key, group, stream, filter)
    let fresh: DeliveredEvent[] = []
    for (const event of events) {
      const bytes = sizeOf(event.message)
      if (open.bytes > 0 && open.bytes + bytes > LARGEST_BATCH) {
        open.batch.append(fresh)
        this.finish(key, open)
        open = this.start(key, group, stream, filter)
        fresh = []
      }
      fresh.push({ id: stream.idOf(event), timestamp: event.timestamp, message: event.message })
      open.bytes += bytes
    }
    open.batch.append(fresh)
  }

  private start(key: string, group: LogGroup, stream: LogStream, filter: SubscriptionFilter): Open {
    const now = this.service.clock.now()
    const batch = Batch.create(this.folder, {
      logGroup: group.name,
      logStream: stream.name,
      filterName: filter.filterName,
      destinationArn: filter.destinationArn,
      since: now,
    })
    const open: Open = {
      batch,
      bytes: 0,
      timer: this.service.clock.at(now + COLLECT, () => this.finish(key, open)),
    }
    this.open.set(key, open)
    return open
  }

  private finish(key: string, { batch, timer }: Open): void {
    timer.cancel()
    this.open.delete(key)
    this.send(batch)
  }

  private send(batch: Batch, pause = FIRST_PAUSE): void {
    const sent = this.attempt(batch, pause).finally(() => this.sending.delete(sent))
    this.sending.add(sent)
  }

  private async attempt(batch: Batch, pause: number): Promise<void> {
    const { clock, warn } = this.service
    const { logGroup, filterName, destinationArn, since } = batch.header
    const outcome = await this.subscriber.deliver(batch)
    if (this.closed) {
      if (outcome.kind === 'taken') batch.remove()
      return
    }
    switch (outcome.kind) {
      case 'taken':
        batch.remove()
        return
      case 'retry': {
        const next = clock.now() + pause
        if (next < since + GIVE_UP) {
          this.later(next, () => this.send(batch, Math.min(2 * pause, LONGEST_PAUSE)))
          return
        }
        break
      }
      case 'unreachable':
        this.offUntil.set(keyOf(logGroup, filterName), clock.now() + SKIP)
        break
      case 'refused':
        break
    }
    batch.remove()
    warn(
      `logs: ${batch.events.length} events of ${logGroup} are lost to ${destinationArn}: ${outcome.error.message}`,
    )
  }

  private later(time: number, fn: () => void): void {
    const timer = this.service.clock.at(time, () => {
      this.pauses.delete(timer)
      fn()
    })
    this.pauses.add(timer)
  }

  private isOff(group: string, filter: string): boolean {
    return (this.offUntil.get(keyOf(group, filter)) ?? 0) > this.service.clock.now()
  }
}

/** No name of a group, filter or stream holds a colon. */
const keyOf = (...parts: string[]) => parts.join(':')
