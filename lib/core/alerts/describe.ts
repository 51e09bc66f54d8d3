/** A task's alerts in words, for commands and page: apart from the schema, so that the page need not carry that. Pure. */
import { span } from '../duration'
import type { AlertPolicy } from './policy'

/** `failed (2 in a row), missed, recovered by webhook`. */
export function alertsText(policy: AlertPolicy | undefined): string {
  if (policy === undefined) return 'none'
  const { on, after, startGrace, maxRuntime, remind } = policy
  const kinds = on.map((kind) => {
    if (kind === 'failed' && after > 1) return `failed (${after} in a row)`
    if (kind === 'late') return `late (after ${span(startGrace)})`
    return kind === 'stuck' && maxRuntime !== undefined ? `stuck (after ${span(maxRuntime)})` : kind
  })
  const channels = (['topic', 'webhook', 'events'] as const).filter((channel) => policy[channel])
  const again = remind === undefined ? '' : `, again after ${span(remind)}`
  return `${kinds.join(', ')} by ${channels.join(', ')}${again}`
}
