/** Wrong ways to give a slot back, to wake, and to look again. */
import type { Effect, Item, Write } from '../../core/protocol/effect'
import { ALWAYS, asItIs, type Handling, is, rewriting, type Scene, unsent, type Variant } from './variant'

const DONE = { done: true, item: {} }
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'SKIPPED', 'CANCELLED']

/** Pretends to release where `when` holds. */
function forgetting(when: (scene: Scene) => boolean): Handling {
  return (scene) =>
    function* (effect) {
      if (effect.do === 'write' && is.release(effect.write) && when(scene)) return DONE
      return yield effect
    }
}

/** What is read of runs other than its own, a handler reads to help; it sees what `blind` makes of that. */
function helping(blind: (item: Item | undefined) => Item | undefined): Handling {
  return (scene) =>
    function* (effect) {
      const answer = yield effect
      if (effect.do !== 'read' || effect.table !== 'runs' || scene.kind === 'person') return answer
      return effect.key.run === scene.run ? answer : blind(answer as Item | undefined)
    }
}

export const release: Record<string, Variant> = {
  'release-unchecked': {
    about: 'the lock is read before the release and written as it was seen, whatever happened between',
    handle: rewriting((write) => (is.handOver(write) ? { ...write, when: ALWAYS } : undefined)),
  },
  'woken-without-slot': {
    about: 'whoever is woken gets no slot in the same write',
    handle: () => {
      let before: string[] = []
      return function* (effect) {
        if (effect.do === 'write' && is.handOver(effect.write)) {
          const write = effect.write
          const slots = write.set?.find(([path]) => path[0] === 'slots')?.[1] as Record<string, number>
          const kept = Object.fromEntries(Object.entries(slots).filter(([run]) => before.includes(run)))
          return yield {
            do: 'write',
            write: {
              ...write,
              set: (write.set ?? []).map((one) => (one[0][0] === 'slots' ? [one[0], kept] : one)),
            },
          }
        }
        const answer = yield effect
        if (effect.do === 'write' && effect.write.table === 'locks') {
          const { item } = answer as { item?: Item }
          before = Object.keys((item?.['slots'] ?? {}) as object)
        }
        return answer
      }
    },
  },
  'woken-run-not-told': {
    about: 'a slot is handed over and nobody is told',
    handle: unsent('next'),
  },
  'no-help': {
    about: 'whoever finds its run out of the lock does not look at the holders',
    handle: helping(() => undefined),
  },
  'help-only-queued': {
    about: 'whoever looks at the holders wakes those that are QUEUED and not those that have ended',
    handle: helping((item) => (ENDED.includes(String(item?.['status'])) ? undefined : item)),
  },
  'deadline-helps-nobody': {
    about: 'the deadline looks at its own slot only',
    handle: (scene) =>
      function* (effect) {
        const answer = yield effect
        if (scene.kind !== 'message' || scene.message.kind !== 'deadline') return answer
        if (effect.do !== 'read' || effect.table !== 'locks') return answer
        const slots = ((answer as Item | undefined)?.['slots'] ?? {}) as Record<string, number>
        return scene.message.run in slots ? answer : undefined
      },
  },
  'deadline-leaves-slot': {
    about: 'the deadline of a run that has ended leaves it its slot',
    handle: forgetting((scene) => scene.kind === 'message' && scene.message.kind === 'deadline'),
  },
  'repeated-tick-leaves-slot': {
    about: 'a repeated tick of a run that has ended does not release what its grant took',
    handle: forgetting((scene) => scene.kind === 'message' && scene.message.kind === 'tick'),
  },
  'woken-ended-run-leaves-slot': {
    about: 'a slot that was handed to a run that has ended meanwhile is not given back',
    handle: forgetting((scene) => scene.kind === 'message' && scene.message.kind === 'next'),
  },
  'release-before-record': {
    about: 'the slot is given back before the record has ended',
    handle: () => {
      const held: Effect[] = []
      return function* (effect) {
        if (effect.do === 'write' && is.end(effect.write)) {
          held.push(effect)
          return DONE
        }
        const answer = yield* asItIs(effect)
        if (effect.do === 'write' && effect.write.table === 'locks')
          for (const one of held.splice(0)) yield one
        return answer
      }
    },
  },
  'retry-gives-slot-away': {
    about: 'a run that is RETRYING gives its slot back',
    handle: () =>
      function* (effect) {
        const answer = yield effect
        if (
          effect.do === 'write' &&
          is.status(effect.write) === 'RETRYING' &&
          (answer as { done: boolean }).done
        )
          yield { do: 'write', write: releaseOf(effect.write) }
        return answer
      },
  },
}

function releaseOf({ key }: Write): Write {
  const { task, run = '' } = key
  return {
    table: 'locks',
    key: { task },
    remove: [['slots', run]],
    when: { op: 'present', path: ['slots', run] },
  }
}
