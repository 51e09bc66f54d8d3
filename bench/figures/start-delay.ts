import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { type Bench, type Figure, round } from '../figure'
import { quantile, spread } from '../statistics'
import { type Deployed, deployed, fire } from '../support/deployed'
import { callTimes, floorQueueUrl, now, Stamps } from '../support/floor'
import { SERVICE } from '../support/names'
import { floorService } from '../support/service'
import { until } from '../support/until'

const TARGET = 1.25
const TARGET_MS = 50
const RUNS = 200
/** Until everything is warm. */
const WARM_UP = 10
/** Milliseconds. */
const REST = 2000
/** What happens between a tick and the body beside a hop through the queue and an invocation: before that, and after. */
const DISPATCHER_CALLS = ['grant', 'record', 'send']
const TARGET_CALLS = ['createStream', 'putStart']

/** From the tick to the first line of the body, warm, against the same calls made bare in the same minute. */
export async function startDelay(bench: Bench): Promise<Figure> {
  bench.progress('start delay: deploying')
  const stamps = new Stamps()
  const world = await deployed(
    floorService({ tick: { schedule: 'every 5 minutes', enabled: false, payload: { stamp: stamps.path } } }),
  )
  const delays: number[] = []
  const floors: number[][] = []
  const over = new Ends(world)
  try {
    // Deploying tries the checker.
    await sleep(REST)
    await callTimes(world, ['unlock'])
    for (let run = -WARM_UP; run < RUNS; run++) {
      if (run % 20 === 0) bench.progress(`start delay: ${Math.max(0, run)} of ${RUNS}`)
      const delay = await delayOf(world, stamps, over, run + WARM_UP)
      const parts = [
        await hop(world, stamps, over),
        await invocation(world, stamps, over),
        // What they leave is put in order behind them, so that the first comes after a pause, as ours does.
        ...(await callTimes(world, [...DISPATCHER_CALLS, 'unlock'])).slice(0, DISPATCHER_CALLS.length),
        ...(await callTimes(world, TARGET_CALLS, 'floorLog')),
      ]
      if (run < 0) continue
      delays.push(delay)
      floors.push(parts)
    }
  } finally {
    over.stop()
    await world.close()
    stamps.remove()
  }
  const parts = ['hop', 'invoke', ...DISPATCHER_CALLS, ...TARGET_CALLS]
  const column = (index: number) => floors.map((row) => row[index] ?? 0)
  const floor = (share: number) => parts.reduce((sum, _, index) => sum + quantile(column(index), share), 0)
  const [p50, p99] = [quantile(delays, 0.5), quantile(delays, 0.99)]
  const value = { p50: round(p50 / floor(0.5)), p99: round(p99 / floor(0.99)) }
  return {
    value: { ...value, p50Ms: round(p50, 1), p99Ms: round(p99, 1) },
    unit: 'x the same calls made bare; milliseconds',
    target: `p50 <= ${TARGET} x, and < ${TARGET_MS} ms`,
    ok: value.p50 <= TARGET && p50 < TARGET_MS,
    detail: {
      milliseconds: spread(delays),
      floor: { p50: round(floor(0.5), 1), p99: round(floor(0.99), 1) },
      parts: Object.fromEntries(parts.map((name, index) => [`${index + 1} ${name}`, spread(column(index))])),
    },
  }
}

/** Milliseconds. The run is over when this resolves. */
async function delayOf(world: Deployed, stamps: Stamps, over: Ends, run: number): Promise<number> {
  const end = over.next(`${SERVICE}-dev-slipstreamChecker`)
  const began = now()
  // A second for each, so that every one is a tick of its own.
  await fire(world, 'tick', Date.now() - 3_600_000 + run * 1000)
  const delay = (await stamps.next('the first line of a body')) - began
  await end
  return delay
}

/** Of a message through the queue to a bare function. */
async function hop(world: Deployed, stamps: Stamps, over: Ends): Promise<number> {
  const end = over.next(`${SERVICE}-dev-floorQueue`)
  const began = now()
  await world.session.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: floorQueueUrl(world),
      MessageBody: JSON.stringify({ calls: [], stamp: stamps.path }),
    }),
  )
  const took = (await stamps.next('a bare message')) - began
  await end
  return took
}

/** Of an asynchronous invocation of a bare function. */
async function invocation(world: Deployed, stamps: Stamps, over: Ends): Promise<number> {
  const end = over.next(`${SERVICE}-dev-floorTarget`)
  const began = now()
  await world.session.clients.lambda.send(
    new InvokeCommand({
      FunctionName: `${SERVICE}-dev-floorTarget`,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ stamp: stamps.path })),
    }),
  )
  const took = (await stamps.next('a bare invocation')) - began
  await end
  return took
}

/** Waits for invocations to be over, so that nothing goes on while the next thing is measured. */
class Ends {
  private readonly counts = new Map<string, number>()
  readonly stop: () => void

  constructor({ engine }: Deployed) {
    this.stop = engine.services.lambda.onEnded(({ functionName }) => {
      this.counts.set(functionName, this.of(functionName) + 1)
    })
  }

  /** Resolves at the end of the next invocation of a function. */
  async next(functionName: string): Promise<void> {
    const before = this.of(functionName)
    await until(() => this.of(functionName) > before || undefined, `the end of ${functionName}`)
  }

  private of(functionName: string): number {
    return this.counts.get(functionName) ?? 0
  }
}
