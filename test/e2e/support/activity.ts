import type { Call } from '../../../lib/engine/door/door'
import type { Ended } from '../../../lib/engine/lambda/execution/pool'

/** Real milliseconds after which what was waited for is taken to be lost, as the end of a process that was killed is. */
const PATIENCE = 30_000

/**
 * What an engine is busy with, as its door sees it, whatever the machine's load: while our handlers run or a target
 * starts, no time may pass for them, else they would reach their time-outs on a slow machine.
 */
export class Activity {
  private last = 0
  private batches = 0
  /** Request ids of targets that gave no sign of life yet. */
  private readonly targets = new Set<string>()
  /** Request ids of the checker and the alerter that are not over. */
  private readonly checks = new Set<string>()

  constructor(private readonly queue: string) {}

  /** Something was just done from outside. */
  stir(): void {
    this.last = performance.now()
  }

  /** Whether nothing goes on, and nothing has for some milliseconds. */
  isQuiet(ms: number): boolean {
    const since = performance.now() - this.last
    if (since > PATIENCE) {
      this.batches = 0
      this.targets.clear()
      this.checks.clear()
    }
    return since >= ms && this.batches === 0 && this.targets.size === 0 && this.checks.size === 0
  }

  readonly onCall = ({ service, request, response }: Call): void => {
    this.stir()
    const body = request.body.toString()
    for (const id of this.targets) if (body.includes(id)) this.targets.delete(id)
    const operation = request.headers['x-amz-target']?.split('.')[1]
    if (service === 'sqs' && operation === 'ReceiveMessage') {
      const received = (JSON.parse(String(response.body)).Messages ?? []).length > 0
      if (received && JSON.parse(body).QueueUrl.endsWith(`/${this.queue}`)) this.batches++
    }
    if (service === 'lambda' && request.path.endsWith('/invocations') && response.status === 202)
      this.accepted(request.path, body, response.headers)
  }

  readonly onEnded = ({ functionName, requestId }: Ended): void => {
    this.stir()
    this.checks.delete(requestId)
    if (functionName.endsWith('-slipstreamDispatcher')) this.batches = Math.max(0, this.batches - 1)
  }

  private accepted(path: string, body: string, headers: Record<string, string> = {}): void {
    const id = headers['x-amzn-requestid'] ?? ''
    if (/-slipstream(Checker|Alerter)\//.test(path)) {
      this.checks.add(id)
      return
    }
    const target = JSON.parse(body).slipstream?.target
    // The first sign of life of a wrapped one is its start record. The end of a plain one may be far.
    if (target === 'wrapped' || target === 'operator') this.targets.add(id)
  }
}
