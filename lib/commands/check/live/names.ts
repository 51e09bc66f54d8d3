/** Hops of the chain of messages: more than the about 16 after which Lambda stops one. */
export const LAST_HOP = 20

/** `name` is the stack's; all else begins with it, so that nothing of the account's own is ever met. */
export function namesIn(name: string) {
  return {
    results: `${name}-results`,
    hops: `${name}-hops`,
    logGroup: `/slipstream/${name}`,
    alias: 'probed',
    fn: (key: string) => `${name}-${key}`,
  }
}
