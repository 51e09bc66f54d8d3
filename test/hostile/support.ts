import { marshall } from '@aws-sdk/util-dynamodb'
import type { Context } from 'aws-lambda'
import fc from 'fast-check'
import type * as Checker from '../../handlers/checker'
import type * as Dispatcher from '../../handlers/dispatcher'
import type { Write, WriteResult } from '../../lib/core/protocol/effect'
import { MemoryStore } from '../../lib/ports/memory/store'
import { MemoryLogs, MemoryQueue, MemoryTargets } from '../support/memory'
import { PREFIX } from '../support/world'

/** Stands in every payload here, and may stand in no log of ours. */
export const SECRET = 'hunter2-of-the-payload'

/** Thousands of tries on a machine that is busy with other things. */
jest.setTimeout(180_000)

/** Of an item (Developer Guide, Constraints), in bytes. */
const MAX_ITEM = 400 * 1024

/** A store that remembers what DynamoDB would not have taken, and every item that was changed. */
class StrictStore extends MemoryStore {
  readonly refused: string[] = []
  readonly changed = new Set<string>()

  override apply(write: Write): WriteResult {
    const result = super.apply(write)
    if (!result.done) return result
    const { task, run } = write.key
    this.changed.add(run === undefined ? task : `${task} ${run}`)
    try {
      const stored = JSON.stringify(marshall(result.item, { removeUndefinedValues: true }))
      if (stored.length > MAX_ITEM) this.refused.push(`an item of ${stored.length} bytes`)
      if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(stored)) this.refused.push('half a character')
    } catch (error) {
      this.refused.push((error as Error).message)
    }
    return result
  }
}

/** The handlers as Lambda calls them, over ports in memory that can be made anew for each try. */
export function hostileWorld() {
  const makePorts = () => ({
    store: new StrictStore(),
    queue: new MemoryQueue(Date.now),
    targets: new MemoryTargets(),
    logs: new MemoryLogs(),
  })
  const ports = makePorts()
  // The logger then writes to the console, where it can be read.
  process.env['POWERTOOLS_DEV'] = 'true'
  jest.doMock('../../lib/aws/ports', () => ({ portsFromEnvironment: () => ({ ports, prefix: PREFIX }) }))
  const { handler: dispatcher } = jest.requireActual<typeof Dispatcher>('../../handlers/dispatcher')
  const { handler: checker } = jest.requireActual<typeof Checker>('../../handlers/checker')
  const logged: string[] = []
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((...args: unknown[]) => void logged.push(args.join(' ')))
  }
  const context = {
    awsRequestId: 'request',
    functionName: 'f',
    getRemainingTimeInMillis: () => 10_000,
  } as Context
  return {
    ports,
    logged,
    check: (event: unknown) => checker(event, context),
    dispatch: async (bodies: readonly string[]): Promise<number[]> => {
      const Records = bodies.map((body, index) => ({ ...RECORD, messageId: String(index), body }))
      const { batchItemFailures } = await dispatcher({ Records }, context)
      return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier))
    },
    reset(): void {
      Object.assign(ports, makePorts())
      logged.splice(0)
    },
  }
}

const RECORD = {
  receiptHandle: '',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:queue',
  awsRegion: 'us-east-1',
}

/** JSON that is nested so deep that whoever walks it by recursion falls. */
export const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    -1e308,
    1e-300,
    2 ** 53,
    '',
    '\0',
    ' ',
    '__proto__',
    'constructor',
    'toString',
    '\ud800',
    '\uffff',
    '9'.repeat(400),
    '+275760-09-13T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    '1',
    [],
    {},
    [[]],
    { '': 1 },
    JSON.parse('{"__proto__":{"status":"SUCCEEDED"}}'),
  ),
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)

/** A value with one part of it, at any depth, replaced by something nasty, removed or joined by it. */
export function mutated(original: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(original, fc.infiniteStream(fc.nat(1000)), nasty).map(([value, random, poison]) => {
    const choose = (count: number) => (random.next().value as number) % count
    return poisoned(structuredClone(value), poison, choose)
  })
}

function poisoned(value: unknown, poison: unknown, choose: (count: number) => number): unknown {
  if (typeof value !== 'object' || value === null || choose(4) === 0) return poison
  const container = value as Record<string, unknown>
  const keys = Object.keys(container)
  const key = keys[choose(Math.max(1, keys.length))]
  if (key === undefined) return poison
  if (choose(6) === 0) delete container[key]
  else container[key] = poisoned(container[key], poison, choose)
  return container
}
