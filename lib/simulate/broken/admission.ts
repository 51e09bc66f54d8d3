/** Wrong ways into the lock and the waiting list. */
import type { Condition, Effect, Item, Write, WriteResult } from '../../core/protocol/effect'
import { ALWAYS, about, asItIs, type Handling, is, rewriting, type Variant, without } from './variant'

/** Keeps the first of two writes back, lets the core believe that it was done, and does it after the second. */
function swapping(first: (write: Write) => boolean, second: (write: Write) => boolean, seen: Item): Handling {
  return () => {
    const held: Effect[] = []
    return function* (effect) {
      if (effect.do !== 'write') return yield effect
      if (first(effect.write)) {
        held.push(effect)
        return { done: true, item: seen }
      }
      const answer = yield effect
      if (second(effect.write) && (answer as { done: boolean }).done)
        for (const one of held.splice(0)) yield one
      return answer
    }
  }
}

export const admission: Record<string, Variant> = {
  'start-unchecked': {
    about: 'START writes RUNNING whatever the record says',
    handle: rewriting((write) => (is.status(write) === 'RUNNING' ? { ...write, when: ALWAYS } : undefined)),
  },
  'grant-uncounted': {
    about: 'a slot is granted without counting those that are taken',
    handle: rewriting((write) =>
      is.grant(write)
        ? { ...write, when: without(write.when, (clause) => clause.op === 'sizeBelow') }
        : undefined,
    ),
  },
  'grant-twice': {
    about: 'a second grant to the same run is not noticed: a repeated tick takes a slot for a run that ended',
    handle: () =>
      function* (effect) {
        if (effect.do === 'write' && is.release(effect.write)) {
          const answer = (yield effect) as { done: boolean; item?: Item }
          return answer.done ? answer : { done: true, item: answer.item }
        }
        return yield effect
      },
  },
  'enqueue-unchecked': {
    about: 'a run joins the waiting list though the lock moved since it was seen',
    handle: rewriting((write) =>
      is.enqueue(write) ? { ...write, when: { op: 'present', path: ['slots'] } } : undefined,
    ),
  },
  'version-never-right': {
    about: 'a run joins the waiting list only if the lock has a version that it never has',
    handle: rewriting((write) =>
      is.enqueue(write) ? { ...write, when: { op: 'eq', path: ['v'], value: -1 } } : undefined,
    ),
  },
  'list-before-record': {
    about: 'a run joins the waiting list before its record says QUEUED',
    handle: swapping((write) => is.status(write) === 'QUEUED', is.enqueue, { status: 'QUEUED' }),
  },
  'replace-before-skip': {
    about: '`latest` takes the older run off the list before its record says SKIPPED',
    handle: swapping(
      (write) => write.set?.some(([, value]) => value === 'superseded') === true && write.set.length < 8,
      is.displace,
      { status: 'SKIPPED' },
    ),
  },
  'older-tick-wins': {
    about: '`latest` lets an older tick that comes late displace a newer one',
    handle: () =>
      function* (effect) {
        if (effect.do === 'write' && is.status(effect.write) === 'SKIPPED' && isSuperseded(effect.write)) {
          const { blockedBy, run } = named(effect.write)
          if (blockedBy > run) {
            const write = { ...effect.write, key: { ...effect.write.key, run: blockedBy } }
            return yield { do: 'write', write: { ...write, set: reblocked(write, run) } }
          }
        }
        return yield effect
      },
  },
  'rerun-unrecognised': {
    about:
      'a backfill that comes again does not know the runs that it made, and runs what has ended once more',
    handle: () =>
      function* (effect) {
        const answer = yield effect
        if (effect.do !== 'write' || is.status(effect.write) !== 'QUEUED') return answer
        const { done, item } = answer as WriteResult
        return { done, item: item && { ...item, backfill: undefined } }
      },
  },
  'no-second-invoke': {
    about: 'a message that comes again does not know its own RUNNING write',
    context: (ctx) => ({ ...ctx, by: `${ctx.by}-${ctx.random()}` }),
  },
  'second-invoke-forgotten': {
    about: 'a message that comes again knows its RUNNING write, and takes the invoke for done',
    handle: () => {
      let running = false
      return function* (effect) {
        if (effect.do === 'invoke' && !running) return { outcome: 'accepted' }
        const answer = yield effect
        if (effect.do === 'write' && is.status(effect.write) === 'RUNNING')
          running = (answer as { done: boolean }).done
        return answer
      }
    },
  },
  'too-late-starts': {
    about: '`startWithin` is not looked at',
    handle: () =>
      function* (effect) {
        if (effect.do === 'write' && effect.write.set?.some(([, value]) => value === 'too-late'))
          return { done: false, item: { status: 'RUNNING' } }
        return yield* asItIs(effect)
      },
  },
  'window-from-invoke': {
    about: 'a target may start within a window that is counted from the invoke, not from RUNNING',
    handle: (_, ctx) =>
      function* (effect) {
        if (effect.do !== 'invoke') return yield effect
        const { payload, definition } = effect.invocation
        const { startBy, until } = payload.slipstream
        const moved = ctx.now() + 120_000 + 600_000 - startBy
        const slipstream = { ...payload.slipstream, startBy: startBy + moved, until: until + moved }
        return yield { do: 'invoke', invocation: { definition, payload: { ...payload, slipstream } } }
      },
  },
  'old-message-believed': {
    about: 'a message that was under way since before a deploy brings back the concurrency of then',
    handle: rewriting((write) =>
      is.grant(write) ? { ...write, when: without(write.when, isAge) } : undefined,
    ),
  },
  'no-fence': {
    about: 'a target starts though its stream exists',
    gaps: { noFence: true },
  },
  'backfill-leaves-its-own': {
    about:
      'a backfill that comes again after it died leaves those alone that it had written down and not let join',
    handle: (scene) =>
      function* (effect) {
        const answer = yield effect
        if (scene.kind !== 'message' || scene.message.kind !== 'backfill') return answer
        if (effect.do !== 'write' || is.status(effect.write) !== 'QUEUED') return answer
        const { done, item } = answer as WriteResult
        return done ? answer : { done, item: { ...item, status: 'RUNNING' } }
      },
  },
  'backfill-joins-unseen': {
    about: 'the runs of a backfill join the list though the lock moved since it was seen',
    handle: (scene, ctx) =>
      scene.kind === 'message' && scene.message.kind === 'backfill'
        ? rewriting((write) => (is.handOver(write) ? { ...write, when: ALWAYS } : undefined))(scene, ctx)
        : asItIs,
  },
  'grant-past-those-that-wait': {
    about: 'a slot is granted to a newcomer although others wait for it',
    handle: rewriting((write) =>
      is.grant(write) ? { ...write, when: without(write.when, about('waiting')) } : undefined,
    ),
  },
}

/** The clause of a grant that nothing newer is known of the task. */
const isAge = (clause: Condition) => clause.op === 'or' && clause.of.some(about('asOf'))

const named = (write: Write) => ({
  run: write.key.run ?? '',
  blockedBy: String(write.set?.find(([path]) => path[0] === 'blockedBy')?.[1] ?? ''),
})
const isSuperseded = (write: Write) => write.set?.some(([, value]) => value === 'superseded') === true
const reblocked = (write: Write, run: string): NonNullable<Write['set']> =>
  (write.set ?? []).map(([path, value]) => [path, path[0] === 'blockedBy' ? run : value] as const)
