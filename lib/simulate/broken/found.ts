/** Holes that the search found in the core, each put back. */
import type { Item, WriteResult } from '../../core/protocol/effect'
import { about, is, rewriting, unfenced, type Variant, without } from './variant'

export const found: Record<string, Variant> = {
  'refusal-unfenced': {
    about:
      'a refused invoke ends the attempt, though the same message may be under way twice and the other be accepted',
    handle: unfenced('message'),
  },
  'old-slot-unseen': {
    about: 'a tick that finds a free slot does not look at the old ones beside it',
    handle: (scene) =>
      function* (effect) {
        if (scene.kind === 'message' && scene.message.kind === 'tick' && effect.do === 'send') {
          const messages = effect.messages.filter(
            ({ message }) => message.kind !== 'deadline' || message.attempt !== undefined,
          )
          return messages.length > 0 ? yield { ...effect, messages } : undefined
        }
        return yield effect
      },
  },
  'too-late-keeps-slot': {
    about: 'a tick that comes again too late does not give back the slot that it took before',
    handle: (scene) =>
      function* (effect) {
        if (scene.kind === 'message' && scene.message.kind === 'tick' && effect.do === 'read')
          return undefined
        return yield effect
      },
  },
  'record-of-anyone-believed': {
    about: 'a record in the stream of a target that has no wrapper ends its run',
    handle: rewriting((write) =>
      is.end(write) ? { ...write, when: without(write.when, about('definition')) } : undefined,
    ),
  },
  'late-error-dropped': {
    about: 'an ERROR after SUCCEEDED is dropped',
    handle: () =>
      function* (effect) {
        if (effect.do === 'write' && effect.write.set?.some(([, value]) => value === 'late-error'))
          return { done: true, item: {} }
        return yield effect
      },
  },
  'backfill-without-haste': {
    about: 'a backfill takes no heed of the time within which its handler must end',
    context: (ctx, scene) => {
      if (scene.kind !== 'message' || scene.message.kind !== 'backfill') return ctx
      const now = ctx.now()
      return { ...ctx, now: () => now }
    },
  },
  'pause-unseen': {
    about: 'a release hands slots over although the task is paused',
    handle: () =>
      function* (effect) {
        const answer = yield effect
        if (effect.do !== 'write' || !is.release(effect.write)) return answer
        const { done, item } = answer as WriteResult
        return { done, item: unpaused(item) }
      },
  },
}

function unpaused(item: Item | undefined): Item | undefined {
  if (item === undefined) return undefined
  const { paused: _, ...rest } = item
  return rest
}
