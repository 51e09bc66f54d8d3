import type { ServiceNames } from '../../core/names'
import { ids } from '../naming'
import type { CloudFormationResource } from '../serverless'

type Key = { name: string; type: 'HASH' | 'RANGE' }

/**
 * Runs and locks. On demand, so they cost nothing while idle. Without point-in-time recovery: a lock put back to an
 * earlier time would let a second body in.
 */
export function tables(names: ServiceNames): Record<string, CloudFormationResource> {
  return {
    [ids.runsTable]: table(
      names.runsTable,
      [
        { name: 'task', type: 'HASH' },
        { name: 'run', type: 'RANGE' },
      ],
      { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
    ),
    [ids.locksTable]: table(names.locksTable, [{ name: 'task', type: 'HASH' }], {}),
  }
}

function table(name: string, keys: Key[], properties: Record<string, unknown>): CloudFormationResource {
  return {
    Type: 'AWS::DynamoDB::Table',
    // Said, because linters ask it of whatever holds state: the records go with the service.
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: 'S' })),
      KeySchema: keys.map((key) => ({ AttributeName: key.name, KeyType: key.type })),
      ...properties,
    },
  }
}
