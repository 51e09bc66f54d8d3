import { counted } from '../../core/counted'
import { RESOURCE_TYPES } from '../../engine/cloudformation/resources'
import type { Engine } from '../../engine/server'

/** Tells how far a deployment is, from the calls it makes. Gives what ends that. */
export function deployProgress(engine: Engine, say: (line: string) => void): () => void {
  let changes = 0
  let byName: string[] = []
  return engine.onCall(({ service, request, response }) => {
    if (service !== 'cloudformation') return
    const action = new URLSearchParams(request.body.toString()).get('Action')
    if (action === 'DescribeChangeSet') {
      const body = String(response.body)
      changes = body.split('<ResourceChange>').length - 1
      const types = [...body.matchAll(/<ResourceType>([^<]*)</g)].map(([, type = '']) => type)
      byName = [...new Set(types)].filter((type) => !RESOURCE_TYPES.has(type))
    }
    if (action === 'ExecuteChangeSet' && response.status === 200) {
      say(`Deploying ${counted(changes, 'resource')}`)
      if (byName.length > 0) say(`Known here by name only, without effect: ${byName.join(', ')}`)
    }
  })
}
