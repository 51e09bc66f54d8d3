import { InvokeCommand } from '@aws-sdk/client-lambda'
import { GetScheduleCommand } from '@aws-sdk/client-scheduler'
import type { Ended } from '../../lib/engine/lambda/execution/pool'
import type { Handler } from './bare-bundle'
import { type Deployed, fire } from './deployed'
import type { Used } from './lambda'
import { SERVICE } from './names'
import { until } from './until'

export type Samples = { cold: { init: Used; first: Used }[]; warm: Used[] }

const KEYS: Record<Handler, string> = { dispatcher: 'slipstreamDispatcher', checker: 'slipstreamChecker' }
export const functionOf = (name: Handler) => `${SERVICE}-dev-${KEYS[name]}`

/** As many as messages come in one batch. */
export const TASKS = Array.from({ length: 10 }, (_, index) => `task-${index}`)
/** Bytes of a large one, of each message of a batch. */
const PAYLOAD = 100_000

/** Runs of tasks whose schedules are off, and what their start and their end took of dispatcher and checker. */
export class HandlerRuns {
  private ended: Ended[] = []
  private tick = Math.floor(Date.now() / 1000) * 1000 - 3_600_000
  readonly stop: () => void

  constructor(private readonly world: Deployed) {
    this.stop = world.engine.services.lambda.onEnded((ended) => this.ended.push(ended))
  }

  clear(): void {
    this.ended = []
  }

  /** One that needs not wait, through the queue; resolves when nothing of it goes on. */
  async one(): Promise<void> {
    await this.over(1, async () => void (await fire(this.world, TASKS[0] as string, this.nextTick())))
  }

  /** One of each task, their ticks in one batch with large payloads; what that took of the dispatcher. */
  async batch(): Promise<Used> {
    const before = this.of('dispatcher').length
    const Records = await Promise.all(TASKS.map((task) => this.record(task)))
    await this.over(TASKS.length, async () => {
      const { Payload } = await this.world.session.clients.lambda.send(
        new InvokeCommand({
          FunctionName: functionOf('dispatcher'),
          Payload: Buffer.from(JSON.stringify({ Records })),
        }),
      )
      const answer = Buffer.from(Payload ?? []).toString()
      if (answer !== '{"batchItemFailures":[]}') throw new Error(`a batch of ticks failed: ${answer}`)
    })
    const { hostDuration: duration, hostCpu: cpu } = this.of('dispatcher')[before] as Ended
    return { duration, cpu }
  }

  /** Cold: those with which a process began. Each with its CPU. */
  samples(name: Handler): Samples {
    const samples: Samples = { cold: [], warm: [] }
    for (const { hostDuration: duration, hostCpu: cpu, hostInit: init } of this.of(name)) {
      if (init === undefined) samples.warm.push({ duration, cpu })
      else samples.cold.push({ init, first: { duration, cpu } })
    }
    return samples
  }

  /** MB of the largest process. */
  peak(name: Handler): number {
    return Math.max(...this.of(name).map(({ maxMemoryUsed }) => maxMemoryUsed))
  }

  private of(name: Handler): Ended[] {
    return this.ended.filter(({ functionName }) => functionName === functionOf(name))
  }

  private async over(runs: number, start: () => Promise<void>): Promise<void> {
    const [starts, ends] = [this.of('dispatcher').length, this.of('checker').length]
    await start()
    await until(
      () => (this.of('dispatcher').length > starts && this.of('checker').length >= ends + runs) || undefined,
      `the end of ${runs} run(s)`,
    )
  }

  private async record(task: string): Promise<object> {
    const { names, session } = this.world
    const { Target } = await session.clients.scheduler.send(
      new GetScheduleCommand({ GroupName: names.scheduleGroup, Name: task }),
    )
    const scheduledAt = new Date(this.nextTick()).toISOString()
    const payload = { text: 'x'.repeat(PAYLOAD) }
    return {
      messageId: `${task} ${scheduledAt}`,
      body: JSON.stringify({ ...JSON.parse(String(Target?.Input)), scheduledAt, payload }),
      attributes: {},
    }
  }

  /** A second for each, so that every one is a run of its own. */
  private nextTick(): number {
    this.tick += 1000
    return this.tick
  }
}
