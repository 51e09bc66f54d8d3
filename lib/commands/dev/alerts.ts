import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Clients } from '../../aws/clients'
import { alertOf } from '../../core/alerts/alert'
import { isLoopback } from '../../core/alerts/local'
import { textOf } from '../../core/alerts/message'
import { type Owed, stateOf } from '../../core/alerts/state'
import { ENVIRONMENT, type ServiceNames } from '../../core/names'
import type { Call } from '../../engine/door/door'
import type { Engine } from '../../engine/server'
import { perform } from '../../ports/perform'

export type Alerting = { clients: Clients; names: ServiceNames; stage: string }

/**
 * Says each alert and where it goes, or would go: no webhook outside this machine is posted to. Learns of them from the
 * writes of the locks that go through the door, which come before anything is sent.
 */
export function watchAlerts(
  engine: Engine,
  service: Alerting,
  say: (line: string) => void,
  failed: (error: unknown) => void,
): () => void {
  /** By task, what is owed and was said. */
  const known = new Map<string, Set<string>>()
  let saying = Promise.resolve()
  return engine.onCall((call) => {
    const written = lockIn(call, service.names.locksTable)
    if (!written) return
    const { task, owed } = written
    const before = known.get(task)
    known.set(task, new Set(Object.keys(owed)))
    for (const [key, one] of Object.entries(owed))
      if (!before?.has(key))
        saying = saying
          .then(() => linesOf(service, task, one))
          .then((lines) => lines.forEach(say))
          .catch(failed)
  })
}

function lockIn({ service, request, response }: Call, table: string) {
  const operation = request.headers['x-amz-target']?.split('.')[1]
  if (service !== 'dynamodb' || operation !== 'UpdateItem' || response.status !== 200) return undefined
  const { TableName } = JSON.parse(request.body.toString()) as { TableName?: string }
  const { Attributes } = JSON.parse(String(response.body)) as {
    Attributes?: Record<string, AttributeValue>
  }
  if (TableName !== table || !Attributes?.['alerts']) return undefined
  const lock = unmarshall(Attributes)
  return { task: String(lock['task']), owed: stateOf(lock).owed }
}

async function linesOf({ clients, names, stage }: Alerting, task: string, owed: Owed): Promise<string[]> {
  const ports = await clients.ports(names)
  const alert = await perform(alertOf({ prefix: names.prefix, stage }, task, owed), ports)
  const { Environment } = await clients.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: names.alerter }),
  )
  const where = owed.channels.map((channel) => placeOf(channel, Environment?.Variables ?? {}))
  return [
    `Alert to ${where.join(', ')}`,
    ...textOf(alert)
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}

/** In words. Of a webhook the host alone: the rest of its address is a secret. */
function placeOf(channel: string, variables: Record<string, string>): string {
  if (channel === 'events') return 'the event bus'
  const address = variables[`${ENVIRONMENT.channel}${channel.replace(':', '_')}`] ?? ''
  if (channel.startsWith('topic:')) return `topic ${address.split(':').at(-1)}`
  const host = URL.canParse(address) ? new URL(address).host : 'that is known on AWS only'
  return `webhook ${host}${isLoopback(address) ? '' : ' (not posted from this machine)'}`
}
