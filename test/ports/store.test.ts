import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { DynamoDbStore } from '../../lib/aws/dynamodb-store'
import { namesOf } from '../../lib/core/names'
import { payloadFault } from '../../lib/core/payload'
import { absent, all, any, type Condition, eq, present, type Write } from '../../lib/core/protocol/effect'
import { startEngine } from '../../lib/engine/server'
import { MemoryStore } from '../../lib/ports/memory/store'
import type { Store } from '../../lib/ports/ports'
import { clientConfig, temporaryFolder } from '../support/engine'

const names = namesOf('contract-test')

/** One suite for every store, so that what holds in memory holds on DynamoDB's wire. */
const stores: [string, () => Promise<{ store: Store; close(): Promise<void> }>][] = [
  ['in memory', async () => ({ store: new MemoryStore(), close: async () => {} })],
  ['DynamoDB at the engine', onEngine],
]

async function onEngine() {
  const folder = temporaryFolder()
  const engine = await startEngine({ port: 0, dataDir: folder.path })
  const client = new DynamoDBClient(clientConfig(engine.endpoint))
  const tables = [
    [names.runsTable, 'task', 'run'],
    [names.locksTable, 'task'],
  ] as const
  for (const [TableName, ...keys] of tables) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index ? 'RANGE' : 'HASH' })),
      }),
    )
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName })
  }
  const close = async () => {
    client.destroy()
    await engine.close()
    folder.remove()
  }
  return { store: new DynamoDbStore(client, names), close }
}

describe.each(stores)('a store %s', (_, open) => {
  let store: Store
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await open())
  })
  afterAll(() => close())

  let count = 0
  let key: { task: string; run: string }
  beforeEach(() => {
    key = { task: 'task', run: `2026-01-05T10:00:00.${String(++count).padStart(3, '0')}Z` }
  })

  const write = (changes: Partial<Write>) =>
    store.write({ table: 'runs', key, when: absent('none'), ...changes })
  const seed = () =>
    write({
      set: [
        [['status'], 'RUNNING'],
        [['attempt'], 2],
        [['slots'], { a: 1, b: 2 }],
        [['waiting'], new Set(['x'])],
        [['list'], [{ n: 1 }]],
        [['paused'], { reason: 'holiday', until: 5 }],
      ],
    })

  test('gives an item that was never written as undefined', async () => {
    expect(await store.read('runs', key)).toBeUndefined()
  })

  test('makes an item of its key and the values set, and returns it as it is now', async () => {
    const result = await seed()
    expect(result).toEqual({ done: true, item: await store.read('runs', key) })
    expect(result.item).toMatchObject({ ...key, attempt: 2, slots: { a: 1, b: 2 }, waiting: new Set(['x']) })
  })

  test('refuses without a change and gives the item that refused', async () => {
    await seed()
    const before = await store.read('runs', key)
    const result = await write({ when: absent('task'), set: [[['status'], 'QUEUED']] })
    expect(result).toEqual({ done: false, item: before })
    expect(await store.read('runs', key)).toEqual(before)
  })

  test('refuses a condition on an item that is not there', async () => {
    expect(await write({ when: eq(['status'], 'RUNNING'), set: [[['attempt'], 3]] })).toEqual({
      done: false,
      item: undefined,
    })
    expect(await store.read('runs', key)).toBeUndefined()
  })

  test('changes map keys that look like times, list elements, numbers and sets', async () => {
    await seed()
    const run = '2026-01-05T10:00:00.000Z'
    const result = await write({
      set: [
        [['slots', run], 7],
        [['list', 0, 'n'], 5],
        [['list', 1], { n: 9 }],
      ],
      remove: [['slots', 'a'], ['paused'], ['never-there']],
      sum: [['expiresAt'], ['attempt'], 100],
      increment: ['v'],
      addMember: [['waiting'], 'y'],
    })
    expect(result.item).toMatchObject({
      slots: { b: 2, [run]: 7 },
      list: [{ n: 5 }, { n: 9 }],
      expiresAt: 102,
      v: 1,
      waiting: new Set(['x', 'y']),
    })
    expect(result.item).not.toHaveProperty('paused')
  })

  test.each<[string, Condition, boolean]>([
    ['present', present('slots', 'a'), true],
    ['present of a missing key', present('slots', 'z'), false],
    ['absent', absent('slots', 'z'), true],
    ['absent below a missing map', absent('nothing', 'z'), true],
    ['eq of a word', eq(['status'], 'RUNNING'), true],
    ['eq of another word', eq(['status'], 'QUEUED'), false],
    ['eq of a missing attribute', eq(['nothing'], 'QUEUED'), false],
    ['eq of a value in a map', eq(['paused', 'until'], 5), true],
    ['lt', { op: 'lt', path: ['slots', 'a'], value: 2 }, true],
    ['lt of an equal number', { op: 'lt', path: ['slots', 'a'], value: 1 }, false],
    ['lt of a missing number', { op: 'lt', path: ['slots', 'z'], value: 9 }, false],
    ['sizeBelow of a map', { op: 'sizeBelow', path: ['slots'], limit: 3 }, true],
    ['sizeBelow of a map that is as large', { op: 'sizeBelow', path: ['slots'], limit: 2 }, false],
    ['sizeBelow of a missing map', { op: 'sizeBelow', path: ['nothing'], limit: 2 }, false],
    ['and', all(present('slots'), eq(['attempt'], 2)), true],
    ['and with one that fails', all(present('slots'), eq(['attempt'], 3)), false],
    ['or', any(eq(['attempt'], 3), eq(['attempt'], 2)), true],
    ['or within and', all(any(absent('task'), eq(['status'], 'QUEUED')), present('slots')), false],
    ['or before and', all(any(present('slots'), absent('task')), eq(['attempt'], 3)), false],
    ['and within or', any(present('slots'), all(eq(['attempt'], 2), absent('task'))), true],
    ['and within and', all(all(present('slots'), eq(['attempt'], 2)), absent('task')), false],
    ['or within or', all(any(any(absent('task'), eq(['attempt'], 2)), absent('slots')), present('v')), false],
  ])('judges %s', async (_, when, expected) => {
    await seed()
    expect((await write({ when, set: [[['touched'], true]] })).done).toBe(expected)
  })

  test('keeps what a payload may hold as it is', async () => {
    const payload = {
      words: ['', ' ', 'naïve 🙂', '\0', '__proto__', 'x'.repeat(100_000)],
      numbers: [
        0,
        -1,
        0.1,
        1e-7,
        1e-130,
        Number.MAX_SAFE_INTEGER,
        Number.MIN_SAFE_INTEGER,
        1.7976931348623157,
      ],
      others: [null, true, false, [], {}, [[]], [null, { a: [] }]],
      constructor: 'a word',
      toString: { hasOwnProperty: 1 },
    }
    expect(payloadFault(payload)).toBeUndefined()
    const deep = Array.from({ length: 29 }).reduce<unknown>((inner) => ({ in: inner }), 1)
    expect(payloadFault({ deep })).toBeUndefined()
    for (const one of [payload, { deep }]) {
      await write({ set: [[['payload'], one]] })
      expect((await store.read('runs', key))?.['payload']).toEqual(one)
    }
  })

  test('takes the names that every object has for names of tasks', async () => {
    for (const task of ['__proto__', 'constructor', 'toString']) {
      const at = { table: 'locks', key: { task } } as const
      expect(await store.read('locks', { task })).toBeUndefined()
      const first = { ...at, when: absent('slots'), set: [[['slots'], { a: 1 }]] } as const
      expect((await store.write(first)).done).toBe(true)
      expect((await store.write(first)).done).toBe(false)
      expect(await store.read('locks', { task })).toMatchObject({ task, slots: { a: 1 } })
    }
  })

  test('lets one of many writers through that want the same', async () => {
    await seed()
    const claims = Array.from({ length: 10 }, (_, who) =>
      write({ when: absent('owner'), set: [[['owner'], who]] }),
    )
    expect((await Promise.all(claims)).filter(({ done }) => done)).toHaveLength(1)
  })
})
