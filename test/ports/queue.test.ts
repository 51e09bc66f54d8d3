import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { SqsQueue } from '../../lib/aws/sqs-queue'
import type { Message } from '../../lib/core/message'
import type { Outgoing } from '../../lib/core/protocol/effect'
import { MovedClock } from '../../lib/engine/moved-clock'
import { startEngine } from '../../lib/engine/server'
import type { Queue } from '../../lib/ports/ports'
import { clientConfig, temporaryFolder } from '../support/engine'
import { MemoryQueue } from '../support/memory'
import { definitionOf } from '../support/world'

const START = Date.parse('2027-03-01T12:00:00.000Z')
const SECOND = 1000

/** A queue, and what a receiver finds in it by and by. */
type Opened = {
  queue: Queue
  /** Moves the clock. */
  advance(ms: number): void
  /** What has become due since the last call. */
  receive(): Promise<Message[]>
  close(): Promise<void>
}

async function inMemory(): Promise<Opened> {
  let now = START
  const queue = new MemoryQueue(() => now)
  return {
    queue,
    advance: (ms) => {
      now += ms
    },
    receive: async () => {
      const due = queue.sent.filter((one) => one.due <= now)
      for (const one of due) queue.sent.splice(queue.sent.indexOf(one), 1)
      return due.map(({ message }) => message)
    },
    close: async () => {},
  }
}

async function atTheEngine(): Promise<Opened> {
  const folder = temporaryFolder()
  const clock = new MovedClock(START)
  const engine = await startEngine({ port: 0, dataDir: folder.path, clock })
  const client = new SQSClient(clientConfig(engine.endpoint))
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'contract' }))
  const receive = async (): Promise<Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 43_200,
    })
    const { Messages = [] } = await client.send(command)
    const messages = Messages.map(({ Body = '' }) => JSON.parse(Body) as Message)
    return messages.length === 0 ? [] : [...messages, ...(await receive())]
  }
  return {
    queue: new SqsQueue(client, QueueUrl),
    advance: (ms) => clock.advance(ms),
    receive,
    close: async () => {
      client.destroy()
      await engine.close()
      clock.close()
      folder.remove()
    },
  }
}

describe.each<[string, () => Promise<Opened>]>([
  ['in memory', inMemory],
  ['SQS at the engine', atTheEngine],
])('a queue %s', (_, open) => {
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened.close())

  let count = 0
  const next = (delaySeconds = 0): Outgoing => {
    const run = new Date(START + ++count * SECOND).toISOString()
    return { message: { kind: 'next', task: 'load', run }, delaySeconds }
  }
  const bodies = (sent: Outgoing[]) => sent.map(({ message }) => JSON.stringify(message)).sort()
  const received = async () => (await opened.receive()).map((message) => JSON.stringify(message)).sort()

  test('gives what was sent', async () => {
    const sent = [next()]
    await opened.queue.send(sent)
    expect(await received()).toEqual(bodies(sent))
    expect(await received()).toEqual([])
  })

  test('takes nothing, one, and more than fit into a batch', async () => {
    await opened.queue.send([])
    expect(await received()).toEqual([])
    const sent = Array.from({ length: 25 }, () => next())
    await opened.queue.send(sent)
    expect(await received()).toEqual(bodies(sent))
  })

  test('takes the same message as often as it is sent', async () => {
    const one = next()
    await opened.queue.send([one, one])
    await opened.queue.send([one])
    expect(await received()).toEqual(bodies([one, one, one]))
  })

  test('holds each message back for its own delay, up to 900 seconds', async () => {
    const [now, soon, late] = [next(), next(30), next(900)]
    await opened.queue.send([late, now, soon])
    expect(await received()).toEqual(bodies([now]))
    opened.advance(29 * SECOND)
    expect(await received()).toEqual([])
    opened.advance(1 * SECOND)
    expect(await received()).toEqual(bodies([soon]))
    opened.advance(869 * SECOND)
    expect(await received()).toEqual([])
    opened.advance(1 * SECOND)
    expect(await received()).toEqual(bodies([late]))
  })

  test('takes messages that are too large together, with whatever characters are in them', async () => {
    const text = `naïve 🙂 \0 \u007f \ufffe \uffff ${'x'.repeat(100_000)}`
    const scheduledAt = new Date(START).toISOString()
    const tick: Message = {
      kind: 'tick',
      task: 'load',
      scheduledAt,
      definition: definitionOf(),
      payload: { text },
    }
    const sent = Array.from({ length: 12 }, () => ({ message: tick, delaySeconds: 0 }))
    await opened.queue.send(sent)
    expect(await opened.receive()).toEqual(sent.map(({ message }) => message))
  })
})
