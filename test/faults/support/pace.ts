import { setTimeout as sleep } from 'node:timers/promises'
import type { MovedClock } from '../../../lib/engine/moved-clock'
import type { Engine } from '../../../lib/engine/server'
import { anyBusy } from './processes'

/** Real milliseconds in which nobody calls the engine and no function's process runs: what was due is done. */
const QUIET = 30
const LOOK = 5
const AGENT = 'slipstream-pace'

/**
 * Moves the clock of an engine in this process, and waits until nothing more comes of it. Else, on a slow machine, a
 * function's time is up before its process has begun, and all that is seen is the protocol giving up.
 */
export class Pace {
  private lastCall = 0
  readonly stop: () => void

  constructor(
    private readonly engine: Engine,
    private readonly clock: MovedClock,
  ) {
    this.stop = engine.onCall(({ request }) => {
      if (request.headers['user-agent'] !== AGENT) this.lastCall = performance.now()
    })
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms)
    this.lastCall = performance.now()
    for (let seen = 0; seen !== this.lastCall; ) {
      while (performance.now() - this.lastCall < QUIET) {
        await sleep(LOOK)
        if (anyBusy(process.pid)) this.lastCall = performance.now()
      }
      seen = this.lastCall
      // The emulators may still be busy with a call; as they answer one after the other, they are not when they answer this.
      await Promise.all([
        this.ask('dynamodb', 'DynamoDB_20120810.ListTables'),
        this.ask('sqs', 'AmazonSQS.ListQueues'),
      ])
    }
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
