import { randomBytes } from 'node:crypto'

/** A header of X-Ray's form that starts a new chain; Lambda makes one where the caller sent none. `now` in epoch ms. */
export function newTraceId(now: number): string {
  const time = Math.floor(now / 1000).toString(16)
  return `Root=1-${time}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`
}
