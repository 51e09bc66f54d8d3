import { deployProgress } from '../../../lib/commands/dev/progress'
import type { Call } from '../../../lib/engine/door/door'
import type { Engine } from '../../../lib/engine/server'

const call = (action: string, body = ''): Call =>
  ({
    service: 'cloudformation',
    request: { body: Buffer.from(`Action=${action}`) },
    response: { status: 200, body },
  }) as unknown as Call

const change = (type: string) => `<ResourceChange><ResourceType>${type}</ResourceType></ResourceChange>`

/** What is said of a deployment of resources of these types. */
function told(types: string[]): string[] {
  const said: string[] = []
  let listener: (call: Call) => void = () => {}
  const engine = { onCall: (listen: (call: Call) => void) => (listener = listen) } as unknown as Engine
  deployProgress(engine, (line) => said.push(line))
  listener(call('DescribeChangeSet', types.map(change).join('')))
  listener(call('ExecuteChangeSet'))
  return said
}

test('says how much is deployed', () => {
  expect(told(['AWS::SQS::Queue'])).toEqual(['Deploying 1 resource'])
})

test('says what of it has no effect on this machine', () => {
  const rule = 'AWS::Events::Rule'
  expect(told([rule, 'AWS::SQS::Queue', rule, 'AWS::Lambda::LayerVersion'])).toEqual([
    'Deploying 4 resources',
    'Known here by name only, without effect: AWS::Events::Rule, AWS::Lambda::LayerVersion',
  ])
})
