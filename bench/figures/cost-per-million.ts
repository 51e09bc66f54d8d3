import { CASES, type Case, type Cost } from '../cases'
import { type Bench, type Figure, round } from '../figure'
import { frequentCases, plainCases } from '../measured-cases'
import { GB, PRICES, PRICES_OF } from '../prices'
import { durationCost } from '../support/lambda'

const MILLION = 1e6
const TARGET = 6

/** US dollars of a million such runs, beyond what their target would cost without us. */
export function itemise({ tally, invocations }: Cost): Record<string, number> {
  const items: Record<string, number> = {
    Scheduler: tally.schedulerInvocations * PRICES.schedulerInvocation,
    SQS: tally.sqsRequests * PRICES.sqsRequest,
    'DynamoDB writes': tally.writeUnits * PRICES.dynamoDbWriteUnit,
    'DynamoDB reads': tally.readUnits * PRICES.dynamoDbReadUnit,
    'Logs of runs': (tally.streamBytes / GB) * PRICES.logsGb,
    'Logs of handlers': (tally.handlerLogBytes / GB) * PRICES.logsGb,
  }
  for (const { functionName, perRun, memorySize, duration, init } of invocations) {
    const [, handler] = /-slipstream(Dispatcher|Checker)$/.exec(functionName) ?? []
    // The bench's body does nothing, so all its time is the wrapper's; its request and its start are the target's own.
    if (handler === undefined) items['wrapper, GB-s'] = perRun * durationCost(memorySize, duration)
    else {
      items[`${handler.toLowerCase()}, requests`] = perRun * PRICES.lambdaRequest
      items[`${handler.toLowerCase()}, GB-s`] = perRun * durationCost(memorySize, duration + init)
    }
  }
  return Object.fromEntries(Object.entries(items).map(([name, usd]) => [name, round(usd * MILLION, 3)]))
}

const sum = (items: Record<string, number>) => Object.values(items).reduce((total, one) => total + one, 0)

export async function costPerMillion(bench: Bench): Promise<Figure> {
  const frequent = await frequentCases(bench)
  const plain = await plainCases(bench)
  const items = itemise(frequent['no contention'])
  const total = sum(items)
  const totals = (costs: Record<Case, Cost>) =>
    Object.fromEntries(CASES.map((name) => [name, round(sum(itemise(costs[name])))]))
  return {
    value: round(total),
    unit: 'USD a million runs, every 30 seconds, no contention',
    target: `<= ${TARGET}`,
    ok: total <= TARGET,
    detail: {
      pricesOf: PRICES_OF,
      items,
      measured: measuredOf(frequent['no contention']),
      'by case, every 30 seconds': totals(frequent),
      'by case, every 5 minutes': totals(plain),
      'items, every 5 minutes': itemise(plain['no contention']),
    },
  }
}

function measuredOf({ tally, invocations }: Cost) {
  return {
    'bytes of an item that is written': round(tally.writtenBytes / tally.writes, 0),
    'write units': round(tally.writeUnits),
    'bytes into the log of a run': round(tally.streamBytes, 0),
    'milliseconds of an invocation with so much memory, and of initialisations, for each invocation':
      Object.fromEntries(
        invocations.map(({ functionName, memorySize, duration, init }) => [
          `${functionName}, ${memorySize} MB`,
          { invocation: round(duration, 1), initialisations: round(init, 1) },
        ]),
      ),
  }
}
