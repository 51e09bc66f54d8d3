import type { Engine } from '../../engine/server'

/** Tells how far a deployment is, from the calls it makes. Gives what ends that. */
export function deployProgress(engine: Engine, say: (line: string) => void): () => void {
  let changes = 0
  return engine.onCall(({ service, request, response }) => {
    if (service !== 'cloudformation') return
    const action = new URLSearchParams(request.body.toString()).get('Action')
    if (action === 'DescribeChangeSet') changes = String(response.body).split('<ResourceChange>').length - 1
    if (action === 'ExecuteChangeSet' && response.status === 200) {
      say(`Deploying ${changes} ${changes === 1 ? 'resource' : 'resources'}`)
    }
  })
}
