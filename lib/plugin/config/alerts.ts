import { createHash } from 'node:crypto'
import type { AlertKind, AlertPolicy } from '../../core/alerts/policy'
import type { CloudFormation } from '../serverless'
import type { Alerts } from './alerts-schema'
import type { Problem } from './problems'

/** Topics and webhooks by the name that definitions have for them (`topic:HASH`), with their addresses. */
export type Channels = ReadonlyMap<string, CloudFormation>

const ON: AlertKind[] = ['failed', 'missed', 'stuck', 'recovered']
const START_GRACE = 300
/** Their addresses share the 4 KB that Lambda's environment holds (Developer Guide, quotas). */
const MAX_CHANNELS = 20

/**
 * What a task says of alerts over what the service says, key by key. Undefined where neither says anything; `missing`:
 * they say what, and not where.
 */
export function alertPolicy(
  service: Partial<Alerts>,
  own: Alerts | undefined,
): { policy: AlertPolicy; channels: Channels } | 'missing' | undefined {
  const merged = { ...service, ...own }
  if (Object.keys(merged).length === 0) return undefined
  const { topic, webhook, events, on = ON, after = 1, startGrace = START_GRACE, maxRuntime, remind } = merged
  if (!topic && !webhook && !events) return 'missing'
  const channels = new Map<string, CloudFormation>()
  const nameOf = (kind: string, address: CloudFormation) => {
    const hash = createHash('sha256').update(JSON.stringify(address)).digest('hex').slice(0, 8)
    channels.set(`${kind}:${hash}`, address)
    return hash
  }
  const policy: AlertPolicy = {
    on: [...new Set(on)],
    after,
    startGrace,
    ...(maxRuntime == null ? {} : { maxRuntime }),
    ...(remind == null ? {} : { remind }),
    ...(topic ? { topic: nameOf('topic', topic) } : {}),
    ...(webhook ? { webhook: nameOf('webhook', webhook) } : {}),
    ...(events ? { events: true as const } : {}),
  }
  return { policy, channels }
}

export function checkChannels(channels: Channels): Problem[] {
  if (channels.size <= MAX_CHANNELS) return []
  const message = `must name at most ${MAX_CHANNELS} topics and webhooks in all tasks together, got ${channels.size}`
  return [{ path: 'slipstream.alerts', message }]
}
