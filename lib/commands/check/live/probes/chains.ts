import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { LAST_HOP } from '../names'
import { outcome, type Probe } from '../probe'
import { NotSeen, type ProbeWorld } from '../world'

const WITHIN = 200
/** Lambda stops a chain after about 16 invocations; one that got less far may only be slow. */
const STOPPED_FROM = 15
const LIMIT = 'Lambda Developer Guide, invocation-recursion'

const begun = new WeakMap<ProbeWorld, Promise<unknown>>()

/** One chain of messages through a function and its own queue, which invokes a foreign function at each hop. */
async function chain(world: ProbeWorld, kind: 'hop' | 'foreign'): Promise<number> {
  const { clients } = world.session
  const start =
    begun.get(world) ??
    clients
      .queueUrl(world.names.hops)
      .then((QueueUrl) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"hop":1}' })))
  begun.set(world, start)
  await start
  const hops = () => new Set(world.heard(kind).map(({ hop }) => hop)).size
  try {
    return await world.wait(
      WITHIN,
      () => (hops() >= LAST_HOP ? hops() : undefined),
      () => `${hops()} of ${LAST_HOP} hops`,
    )
  } catch (error) {
    if (error instanceof NotSeen && hops() >= STOPPED_FROM) return hops()
    throw error
  }
}

const reached = (hops: number) => outcome(hops >= LAST_HOP, `${hops} of ${LAST_HOP} hops`)

export const chains: Probe[] = [
  {
    name: 'chain-allowed',
    expects: 'RecursiveLoop: Allow lets a function send to its own queue more than 16 times in one chain',
    known: 'inferred',
    source: LIMIT,
    neededFor: 'deadlines, retries and backlogs of any length',
    run: async (world) => reached(await chain(world, 'hop')),
  },
  {
    name: 'chain-not-handed-on',
    expects: 'a function that is invoked without the trace header of the chain is not counted in it',
    known: 'not found',
    source: `${LIMIT}: the header carries the chain; nothing on a call without it`,
    neededFor: 'targets that are deployed elsewhere and whose RecursiveLoop is not ours to set',
    run: async (world) => reached(await chain(world, 'foreign')),
  },
]
