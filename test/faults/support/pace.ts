import { setTimeout as sleep } from 'node:timers/promises'
import type { MovedClock } from '../../../lib/engine/moved-clock'
import type { Engine } from '../../../lib/engine/server'
import { anyBusy } from './processes'

/**
 * Looks one after the other at which nobody has called the engine and no function's process runs: what was due is done.
 * Looks and not a time, which also passes while this very process gets no processor.
 */
const QUIET = 6
/** Real milliseconds between them. */
const LOOK = 5
const AGENT = 'slipstream-pace'

/**
 * Moves the clock of an engine in this process, and waits until nothing more comes of it. Else, on a slow machine, a
 * function's time is up before its process has begun, and all that is seen is the protocol giving up.
 */
export class Pace {
  private called = false
  readonly stop: () => void

  constructor(
    private readonly engine: Engine,
    private readonly clock: MovedClock,
  ) {
    this.stop = engine.onCall(({ request }) => {
      if (request.headers['user-agent'] !== AGENT) this.called = true
    })
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms)
    for (let quiet = 0; quiet < QUIET; ) {
      await sleep(LOOK)
      quiet = this.isQuiet() ? quiet + 1 : 0
      if (quiet < QUIET) continue
      // The emulators may still be busy with a call; as they answer one after the other, they are not when they answer this.
      await Promise.all([
        this.ask('dynamodb', 'DynamoDB_20120810.ListTables'),
        this.ask('sqs', 'AmazonSQS.ListQueues'),
      ])
      // Who was asleep may have had its answer meanwhile, and got no processor to go on yet.
      if (!this.isQuiet()) quiet = 0
    }
  }

  /** Since the last look. */
  private isQuiet(): boolean {
    const quiet = !this.called && !anyBusy(process.pid)
    this.called = false
    return quiet
  }

  private async ask(service: string, target: string): Promise<void> {
    const scope = `Credential=slipstream/20000101/us-east-1/${service}/aws4_request`
    const response = await fetch(this.engine.endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 ${scope}, Signature=none`,
        'content-type': 'application/x-amz-json-1.0',
        'user-agent': AGENT,
        'x-amz-target': target,
      },
      body: '{}',
    })
    await response.arrayBuffer()
  }
}
