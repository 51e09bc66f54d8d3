import type { ResourceContext } from './type'

const STEP = 50
/** The engine's services take a second at most; one that never comes round must not hang a deploy. */
const LIMIT = 60_000

/** Asks until `isReached` is content with the answer, which it gives. Throws after a minute. */
export async function until<T>(
  { pause }: ResourceContext,
  what: string,
  ask: () => Promise<T>,
  isReached: (answer: T) => boolean,
): Promise<T> {
  for (let waited = 0; ; waited += STEP) {
    const answer = await ask()
    if (isReached(answer)) return answer
    if (waited >= LIMIT) throw new Error(`${what} took more than ${LIMIT / 1000} seconds`)
    await pause(STEP)
  }
}

/** Until `ask` no longer finds anything. */
export async function untilGone(context: ResourceContext, name: string, ask: () => Promise<unknown>) {
  await until(context, `Deleting ${name}`, ask, (found) => found === undefined)
}
