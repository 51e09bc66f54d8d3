import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { formatRecord } from '../../../../core/log-record'
import { GRACE } from '../../../../core/timing'
import { outcome, type Probe } from '../probe'
import type { Of, ProbeWorld } from '../world'

const WITHIN = 200
/** What the wrapper allows between CloudWatch Logs' clock and its own (lib/wrapper/fence.ts). Milliseconds. */
const SKEW = 2000
const STREAM = 'probe/taken'

const SUBSCRIBED = ['probe/one', 'probe/two']

/** The records of a stream, each of which says whose it is. */
function recordsOf(stream: string): string[] {
  return [
    formatRecord({ slipstream: 'error', verdict: { rule: 'ERROR', line: 1, text: stream } }),
    formatRecord({ slipstream: 'end', requestId: stream, at: '', outcome: 'returned', errors: 0 }),
  ]
}

/** A record as text in a user's JSON line, and a line that only speaks of one. */
function othersOf(stream: string): string[] {
  return [
    ...recordsOf(stream).map((message) => JSON.stringify({ message })),
    'slipstream: the end of an error',
  ]
}

/** One call of the function answers three questions; whoever asks first makes it. */
const answers = new WeakMap<ProbeWorld, Promise<Of<'streams'>>>()

function streams(world: ProbeWorld): Promise<Of<'streams'>> {
  const answer =
    answers.get(world) ??
    world.invoke('streams', { logStreamName: STREAM, message: 'begun' }).then(() =>
      world.wait(
        WITHIN,
        () => world.heard('streams')[0],
        () => 'the function did not answer',
      ),
    )
  answers.set(world, answer)
  return answer
}

const deliveries = new WeakMap<ProbeWorld, Promise<Of<'delivery'>['delivery'][]>>()

/** What the subscription filter made of the same lines in two streams, written at the same time. */
function delivered(world: ProbeWorld): Promise<Of<'delivery'>['delivery'][]> {
  const found = deliveries.get(world) ?? deliver(world)
  deliveries.set(world, found)
  return found
}

async function deliver(world: ProbeWorld): Promise<Of<'delivery'>['delivery'][]> {
  const { logs } = world.session.clients
  const at = (logStreamName: string) => ({ logGroupName: world.names.logGroup, logStreamName })
  await Promise.all(SUBSCRIBED.map((stream) => logs.send(new CreateLogStreamCommand(at(stream)))))
  const write = (stream: string) => {
    const logEvents = [...othersOf(stream), ...recordsOf(stream)].map((message) => ({
      timestamp: world.now(),
      message,
    }))
    return logs.send(new PutLogEventsCommand({ ...at(stream), logEvents }))
  }
  await Promise.all(SUBSCRIBED.map(write))
  const ours = () =>
    world
      .heard('delivery')
      .map(({ delivery }) => delivery)
      .filter(
        ({ messageType, logStream }) => messageType === 'DATA_MESSAGE' && SUBSCRIBED.includes(logStream),
      )
  const wanted = SUBSCRIBED.flatMap(recordsOf)
  const come = () => {
    const messages = new Set(ours().flatMap(messagesOf))
    return wanted.filter((message) => messages.has(message)).length
  }
  await world.wait(
    WITHIN,
    () => (come() === wanted.length ? true : undefined),
    () => `${come()} of ${wanted.length} records were delivered`,
  )
  return ours()
}

const messagesOf = ({ logEvents }: Of<'delivery'>['delivery']) => logEvents.map(({ message }) => message)

export const logs: Probe[] = [
  {
    name: 'stream-taken-once',
    expects: 'of twelve CreateLogStream of one name at the same time one succeeds, the others find it there',
    known: 'inferred',
    source: 'CloudWatch Logs API reference, CreateLogStream: that it fails, not that it is atomic',
    neededFor: 'the body starts at most once an attempt',
    async run(world) {
      const { created, refusals } = await streams(world)
      const refused = refusals.every((name) =>
        /^(ResourceAlreadyExists|Throttling|OperationAborted)/.test(name),
      )
      return outcome(created === 1 && refused, `${created} succeeded; the others: ${refusals.join(', ')}`)
    },
  },
  {
    name: 'stream-creation-time',
    expects: 'DescribeLogStreams knows a stream at once, with a creationTime within 2 s of Lambda’s clock',
    known: 'not found',
    source: 'CloudWatch Logs API reference, LogStream: nothing on when',
    neededFor: 'an owner whose answer was lost does not step aside',
    async run(world) {
      const { creationTime, before } = await streams(world)
      if (creationTime === undefined) return outcome(false, 'the stream was not listed')
      const off = creationTime - before
      return outcome(off >= -SKEW && off < WITHIN * 1000, `${off} ms after the call`)
    },
  },
  {
    name: 'log-read-after-write',
    expects: `GetLogEvents has a written line within ${GRACE / 1000} s`,
    known: 'not found',
    source: 'no documentation of a delay',
    neededFor: 'the grace after which a silent run ends as no-log or lost-end',
    async run(world) {
      const { readable, readAfter } = await streams(world)
      return outcome(readable && readAfter < GRACE, readable ? `after ${readAfter} ms` : 'not at all')
    },
  },
  {
    name: 'filter-quotes',
    expects: 'the subscription filter passes our records, and no line that only quotes one',
    known: 'inferred',
    source: 'the quoting of AWS CDK’s aws-logs; the documentation is silent on quotes in a term',
    neededFor: 'verdicts within seconds, and a checker that is not called for every line',
    async run(world) {
      const records = SUBSCRIBED.flatMap(recordsOf)
      const messages = (await delivered(world)).flatMap(messagesOf)
      const wrong = [...new Set(messages.filter((message) => !records.includes(message)))]
      return outcome(wrong.length === 0, wrong.length === 0 ? 'only records' : `also ${wrong.join(' ')}`)
    },
  },
  {
    name: 'delivery-of-one-stream',
    expects: 'a delivery holds lines of one stream',
    known: 'inferred',
    source: 'CloudWatch Logs User Guide, SubscriptionFilters: one logStream in the message',
    neededFor: 'a verdict is given to the run that it is of',
    async run(world) {
      const all = await delivered(world)
      const others = SUBSCRIBED.flatMap((stream) => recordsOf(stream).map((message) => ({ stream, message })))
      const mixed = all.filter((delivery) =>
        others.some(
          ({ stream, message }) => stream !== delivery.logStream && messagesOf(delivery).includes(message),
        ),
      )
      return outcome(
        mixed.length === 0,
        `${all.length} deliveries for two streams, ${mixed.length} of them mixed`,
      )
    },
  },
]
