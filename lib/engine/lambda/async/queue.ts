import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ApiError, type ServiceContext } from '../../api'
import type { Timer } from '../../clock'
import { StateFile } from '../../state-file'
import type { Pool } from '../execution/pool'
import { functionArn } from '../function-ref'
import type { Resolved, Store } from '../store'
import type { Deliveries } from './deliveries'
import type { AsyncEvent, NewEvent } from './event'
import { type After, afterFailure, afterThrottle, limitsOf } from './policy'

/**
 * The queue of asynchronous invocations (Developer Guide, invocation-async-error-handling). An accepted event is a file
 * until it is done with, so an engine that is started again goes on with it: at least once, as on AWS.
 */
export class AsyncQueue {
  private readonly dir: string
  private readonly timers = new Map<string, Timer>()
  private closed = false

  constructor(
    private readonly context: ServiceContext,
    private readonly store: Store,
    private readonly pool: Pool,
    private readonly deliveries: Deliveries,
  ) {
    this.dir = join(context.dataDir, 'events')
    mkdirSync(this.dir, { recursive: true })
    for (const name of readdirSync(this.dir)) {
      const event = name.endsWith('.json') ? this.file(name.slice(0, -5)).load() : undefined
      if (event) this.schedule(event)
    }
  }

  accept(event: NewEvent): void {
    const now = this.context.clock.now()
    this.put({ ...event, acceptedAt: now, notBefore: now, failures: 0, throttles: 0 })
  }

  close(): void {
    this.closed = true
    for (const timer of this.timers.values()) timer.cancel()
  }

  private put(event: AsyncEvent): void {
    this.file(event.requestId).save(event)
    this.schedule(event)
  }

  private schedule(event: AsyncEvent): void {
    this.timers.set(
      event.requestId,
      this.context.clock.at(event.notBefore, () => {
        this.timers.delete(event.requestId)
        void this.attempt(event)
      }),
    )
  }

  private async attempt(event: AsyncEvent): Promise<void> {
    let resolved: Resolved
    try {
      resolved = this.store.resolve({ name: event.functionName, qualifier: event.qualifier })
    } catch {
      // The function was deleted after the event was accepted.
      this.done(event)
      return
    }
    try {
      const after = await this.invoke(event, resolved)
      if (this.closed) return
      if ('retryAt' in after) return this.put({ ...event, ...after.event, notBefore: after.retryAt })
      await this.deliveries.deliver({ ...event, ...after.event }, after.condition, resolved)
    } catch (error) {
      if (this.closed) return
      this.context.warn(
        `event ${event.requestId} of ${event.functionName} was lost: ${(error as Error).message}`,
      )
    }
    if (!this.closed) this.done(event)
  }

  private async invoke(event: AsyncEvent, resolved: Resolved): Promise<After> {
    const limits = limitsOf(resolved)
    if (resolved.fn.reservedConcurrency === 0) return { condition: 'ZeroReservedConcurrency', event: {} }
    if (this.context.clock.now() > event.acceptedAt + limits.maximumAge) {
      return { condition: 'EventAgeExceeded', event: {} }
    }
    try {
      const { payload, functionError } = await this.pool.run(resolved, {
        requestId: event.requestId,
        payload: event.payload,
        invokedArn: functionArn(this.store.region, event.functionName, event.qualifier),
        traceId: event.traceId,
      })
      const last = {
        payload,
        executedVersion: resolved.version.version,
        ...(functionError === undefined ? {} : { functionError }),
      }
      if (functionError === undefined) return { condition: 'Success', event: { last } }
      return afterFailure({ ...event, last }, limits, this.context.clock.now())
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined
      if (code === 'TooManyRequestsException') return afterThrottle(event, limits, this.context.clock.now())
      if (code === 'RecursiveInvocationException') return { condition: code, event: {} }
      throw error
    }
  }

  private done(event: AsyncEvent): void {
    rmSync(join(this.dir, `${event.requestId}.json`), { force: true })
  }

  private file(requestId: string): StateFile<AsyncEvent | undefined> {
    return new StateFile(join(this.dir, `${requestId}.json`), () => undefined)
  }
}
