import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, type Figure, round } from '../figure'
import { MONTH_DAYS, PRICES, PRICES_OF } from '../prices'
import { benchService } from '../support/service'

/** Seconds of a long poll by an event source mapping (AWS Lambda Developer Guide, with-sqs). */
const LONG_POLL = 20
/**
 * Pollers of a queue on which nothing comes: five, which Lambda may lower to two "to reduce SQS calls" (AWS Lambda
 * Developer Guide, services-sqs-scaling). AWS names no monthly figure, so the larger number is the one that counts.
 */
const POLLERS = { most: 5, least: 2 }
/** That of the dead letters; the others are on by default, and optional. */
const NEEDED_ALARMS = 1

/** A month in which no task is due. */
export async function idleMonth(bench: Bench): Promise<Figure> {
  bench.progress('idle month')
  const polling = (pollers: number) => pollers * ((MONTH_DAYS * 86_400) / LONG_POLL) * PRICES.sqsRequest
  const alarms = await alarmsOf(undefined)
  const without = await alarmsOf({ alarms: false })
  const needed = polling(POLLERS.most) + NEEDED_ALARMS * PRICES.alarmMonth
  const optional = (alarms - NEEDED_ALARMS) * PRICES.alarmMonth
  return {
    value: { needed: round(needed), 'optional, on by default': round(optional) },
    unit: 'USD a month in which nothing is due',
    target: 'SQS polling and one alarm',
    ok: without === 0,
    detail: {
      pricesOf: PRICES_OF,
      items: {
        [`SQS, ${POLLERS.most} pollers`]: round(polling(POLLERS.most)),
        'alarm of the dead letters': round(PRICES.alarmMonth),
        [`${alarms - NEEDED_ALARMS} alarms of ticks that were dropped and handlers that fail`]:
          round(optional),
      },
      'SQS, if Lambda polls less': round(polling(POLLERS.least)),
      'with slipstream.alarms: false': round(polling(POLLERS.most) + without * PRICES.alarmMonth),
      'free tier of an account, not taken off': '1 million SQS requests and 10 alarms a month',
    },
  }
}

/** In the template of a service with a task. */
async function alarmsOf(settings: object | undefined): Promise<number> {
  const service = benchService({ idle: { schedule: 'every 30 seconds' } }, { settings })
  try {
    await service.sls('http://127.0.0.1:9', 'package')
    const file = join(service.dir, '.serverless', 'cloudformation-template-update-stack.json')
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as {
      Resources: Record<string, { Type: string }>
    }
    return Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length
  } finally {
    service.remove()
  }
}
