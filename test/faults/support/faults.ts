import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Message } from '@aws-sdk/client-sqs'
import { ACCOUNT } from '../../../lib/engine/api'
import type { Clock } from '../../../lib/engine/clock'
import type { Call } from '../../../lib/engine/door/door'
import { eventOf } from '../../../lib/engine/lambda/sqs/records'
import type { Engine } from '../../../lib/engine/server'
import { clientConfig } from '../../support/engine'
import { kill, lambdaProcesses } from './processes'
import type { Random } from './random'

/** By which our own invocations are known from those that they double. */
const OWN = 'slipstream-faults'
const MOST_LATE = 200_000

export type Weather = {
  /** Of each call that a function makes: that some function's process is killed right after it. */
  kill: number
  /** Of each delivery: that it comes twice. */
  double: number
}

/**
 * Kills processes of functions and doubles deliveries, from outside: it sees the calls that pass the engine's door, sends
 * signals, and invokes functions with what they were invoked with before. A batch of the queue is doubled with the ids
 * of its messages, as SQS does.
 */
export class Faults {
  readonly kills = new Map<string, number>()
  doubled = 0
  weather: Weather = { kill: 0, double: 0 }

  private readonly lambda: LambdaClient
  private readonly stop: () => void
  private readonly late = new Set<() => void>()
  private readonly sending = new Set<Promise<unknown>>()

  constructor(
    engine: Engine,
    private readonly clock: Clock,
    private readonly names: { queue: string; dispatcher: string },
    private readonly random: () => Random,
  ) {
    this.lambda = new LambdaClient({ ...clientConfig(engine.endpoint), customUserAgent: OWN })
    this.stop = engine.onCall((call) => this.onCall(call))
  }

  /** Deliveries that are still to come a second time. */
  get pending(): number {
    return this.late.size + this.sending.size
  }

  /** SIGKILL for a process of any function, idle ones included. */
  killOne(): void {
    const victim = this.random().pick(lambdaProcesses(process.pid))
    if (!victim) return
    kill(victim.pid)
    this.kills.set(victim.functionName, (this.kills.get(victim.functionName) ?? 0) + 1)
  }

  async close(): Promise<void> {
    this.stop()
    for (const cancel of this.late) cancel()
    await Promise.all(this.sending)
    this.lambda.destroy()
  }

  private onCall({ service, request, response }: Call): void {
    const agent = request.headers['user-agent'] ?? ''
    if (agent.includes(OWN)) return
    const random = this.random()
    if (agent.includes('exec-env/AWS_Lambda') && random.chance(this.weather.kill)) this.killOne()
    if (!random.chance(this.weather.double)) return
    if (service === 'lambda' && request.headers['x-amz-invocation-type'] === 'Event') {
      const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.path) ?? []
      if (name !== undefined) this.again(decodeURIComponent(name), request.body)
    }
    if (request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage' && response.status === 200) {
      const { QueueUrl } = JSON.parse(request.body.toString()) as { QueueUrl: string }
      const { Messages } = JSON.parse(String(response.body)) as { Messages?: Message[] }
      if (!Messages?.length || !QueueUrl.endsWith(`/${this.names.queue}`)) return
      const arn = `arn:aws:sqs:${request.region}:${ACCOUNT}:${this.names.queue}`
      this.again(this.names.dispatcher, Buffer.from(eventOf(Messages, arn)))
    }
  }

  /** At once, or later: a second delivery has no hurry. */
  private again(FunctionName: string, Payload: Uint8Array): void {
    this.doubled++
    const random = this.random()
    const delay = random.chance(0.5) ? 0 : random.whole(0, random.chance(0.2) ? MOST_LATE : 5000)
    const timer = this.clock.at(this.clock.now() + delay, () => {
      this.late.delete(timer.cancel)
      const invoked = this.lambda
        .send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }))
        .finally(() => this.sending.delete(invoked))
      this.sending.add(invoked)
    })
    this.late.add(timer.cancel)
  }
}
