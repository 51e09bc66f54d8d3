import { createHash, randomBytes } from 'node:crypto'

/** A header of X-Ray's form that starts a new chain; Lambda makes one where the caller sent none. `now` in epoch ms. */
export function newTraceId(now: number): string {
  const time = Math.floor(now / 1000).toString(16)
  return `Root=1-${time}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`
}

const LINEAGE = 'Lineage='

/**
 * The header with which a function is invoked, and how often it was invoked in this chain of events, this time
 * included.
 *
 * Lambda keeps count in the field `Lineage`, which the SDKs pass on unread and SQS keeps with a message (X-Ray Developer
 * Guide, xray-concepts; Lambda Developer Guide, invocation-recursion). What stands in it is AWS's own affair and has
 * changed. This is the form of 2023, `a87bd80c:1|68fd508a:5`: the invocations of each function, by a hash.
 */
export function enterFunction(header: string, functionName: string): { header: string; invocations: number } {
  const parts = header.split(';').filter((part) => part !== '')
  const counts = countsOf(parts.find((part) => part.startsWith(LINEAGE)))
  const hash = createHash('sha256').update(functionName).digest('hex').slice(0, 8)
  const invocations = (counts.get(hash) ?? 0) + 1
  counts.set(hash, invocations)
  const lineage = [...counts].map(([name, count]) => `${name}:${count}`).join('|')
  const others = parts.filter((part) => !part.startsWith(LINEAGE))
  return { header: [...others, LINEAGE + lineage].join(';'), invocations }
}

function countsOf(field = LINEAGE): Map<string, number> {
  const entries = field.slice(LINEAGE.length).matchAll(/([0-9a-f]{8}):(\d{1,9})(?:\||$)/g)
  return new Map([...entries].map(([, hash = '', count]) => [hash, Number(count)]))
}
