/** The deadline that frequent runs share, done wrongly. */
import type { Effect } from '../../core/protocol/effect'
import { rewriting, type Variant } from './variant'

/** Ten years, ms. */
const FOR_EVER = 315_360_000_000

export const looks: Record<string, Variant> = {
  'look-claimed-before-sent': {
    about: 'the lock says that a look is under way before it was sent',
    handle: () => {
      let held: Effect | undefined
      return function* (effect) {
        if (effect.do === 'send' && effect.messages.some(({ message }) => message.kind === 'look')) {
          held = effect
          return undefined
        }
        const answer = yield effect
        if (held && effect.do === 'write' && setsLook(effect)) yield held
        return answer
      }
    },
  },
  'look-too-early': {
    about: 'a look comes while the runs that rely on it may still be alive',
    handle: () =>
      function* (effect) {
        if (effect.do !== 'send') return yield effect
        const messages = effect.messages.map((one) =>
          one.message.kind === 'look' && one.delaySeconds > 0
            ? { message: { ...one.message, notBefore: 0 }, delaySeconds: 60 }
            : one,
        )
        return yield { ...effect, messages }
      },
  },
  'look-relied-on-for-ever': {
    about: 'one look is relied on by all runs that come after it',
    handle: rewriting((write) =>
      write.set?.some(([[name]]) => name === 'looksAt')
        ? { ...write, set: write.set.map(([path, at]) => [path, Number(at) + FOR_EVER] as const) }
        : undefined,
    ),
  },
  'look-sees-no-old-slot': {
    about: 'a look does not send the old slots their deadlines',
    handle: (scene) =>
      function* (effect) {
        const looking = scene.kind === 'message' && scene.message.kind === 'look'
        if (!looking || effect.do !== 'send') return yield effect
        const messages = effect.messages.filter(({ message }) => message.kind !== 'deadline')
        return messages.length > 0 ? yield { ...effect, messages } : undefined
      },
  },
}

const setsLook = (effect: Effect) =>
  effect.do === 'write' && (effect.write.set?.some(([[name]]) => name === 'looksAt') ?? false)
